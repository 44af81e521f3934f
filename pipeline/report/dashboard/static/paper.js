// Light or dark paper, before anything is painted: the reader's choice, else that of the system.
{
  let kept = null;
  try { kept = localStorage.getItem("paper"); } catch { /* no storage: the system's choice stands */ }
  if (kept === "light" || kept === "dark") document.documentElement.dataset.paper = kept;
}
