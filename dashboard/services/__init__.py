"""What the page, the command line and the exports call: the same question gives the same answer everywhere."""
