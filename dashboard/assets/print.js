/* On paper a table shows all its rows, not only those that were in sight. */
(() => {
  const layout = (name) => document.querySelectorAll('.hk-grid').forEach((grid) => {
    const api = window.dash_ag_grid && dash_ag_grid.getApi(grid.id);
    if (api) api.setGridOption('domLayout', name);
    grid.classList.toggle('hk-printed', name === 'print');
  });
  window.addEventListener('beforeprint', () => layout('print'));
  window.addEventListener('afterprint', () => layout('normal'));
})();
