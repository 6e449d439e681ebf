/* On paper a table shows all its rows, not only those that were in sight. */
(() => {
  const each = (work) => document.querySelectorAll('.hk-grid').forEach((grid) => {
    const api = window.dash_ag_grid && dash_ag_grid.getApi(grid.id);
    if (api) work(grid, api);
  });
  window.addEventListener('beforeprint', () => each((grid, api) => {
    const row = grid.querySelector('.ag-row');
    const rows = api.getDisplayedRowCount() * (row ? row.offsetHeight : 0);
    const around = grid.querySelector('.ag-header').offsetHeight + 4;
    api.setGridOption('domLayout', 'print');
    grid.style.setProperty('height', `${rows + around}px`, 'important');
  }));
  window.addEventListener('afterprint', () => each((grid, api) => {
    grid.style.removeProperty('height');
    api.setGridOption('domLayout', 'normal');
  }));
})();
