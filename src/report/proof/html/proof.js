'use strict';
// Filters the list of faults, copies, and opens what a mark leads to. Texts of a proof come into the
// page as what Rust escaped, never by way of this script.
(() => {
  const root = document.documentElement;
  root.classList.add('js');
  const by = (id) => document.getElementById(id);

  // -- light and dark: the system's, unless somebody chose ---------------------------------------
  const themes = ['', 'light', 'dark'];
  const KEPT = 'jaunt-theme';
  let theme = '';
  // Not every browser keeps something for a page from disk.
  try { theme = localStorage.getItem(KEPT) || ''; } catch { /* then the choice lasts as long as the page */ }
  const dress = () => {
    if (theme) root.dataset.theme = theme; else delete root.dataset.theme;
    const button = by('theme');
    if (button) button.textContent = theme || 'auto';
  };
  dress();

  let rows = [];

  function filter() {
    const words = by('search').value.toLowerCase().split(/\s+/).filter(Boolean);
    const states = [...document.querySelectorAll('[name=state]:checked')].map((it) => it.value);
    const operator = by('operator').value;
    const journey = by('journey').value;
    let shown = 0;
    for (const row of rows) {
      const fits =
        words.every((word) => row.text.includes(word)) &&
        (!states.length || states.includes(row.state)) &&
        (!operator || row.operator === operator) &&
        (!journey || row.journey === journey);
      if (fits) shown += 1;
      if (row.item.hidden === fits) row.item.hidden = !fits;
    }
    by('shown').textContent = shown === rows.length ? String(shown) : shown + ' of ' + rows.length;
    by('none').hidden = shown > 0 || rows.length === 0;
  }

  // What a mark on an arrow leads to is opened, not only scrolled to.
  function open() {
    const found = /^#[ej][\d-]+$/.test(location.hash) && by(location.hash.slice(1));
    if (found && found.tagName === 'DETAILS') {
      found.open = true;
      found.scrollIntoView({ block: 'nearest' });
    }
    root.dataset.shown = location.hash || '#overview';
  }

  function copy(event) {
    const button = event.target.closest('.copy');
    if (!button) return;
    const text = button.previousElementSibling.textContent;
    const done = () => {
      button.textContent = 'copied';
      setTimeout(() => { button.textContent = 'copy'; }, 1500);
    };
    navigator.clipboard.writeText(text).then(done, () => {
      getSelection().selectAllChildren(button.previousElementSibling);
    });
  }

  document.addEventListener('DOMContentLoaded', () => {
    rows = [...by('rows').children].map((item) => ({
      item,
      text: item.textContent.toLowerCase(),
      state: item.dataset.s,
      operator: item.dataset.op,
      journey: item.dataset.j,
    }));
    dress();
    by('theme').addEventListener('click', () => {
      theme = themes[(themes.indexOf(theme) + 1) % themes.length];
      try { localStorage.setItem(KEPT, theme); } catch { /* see above */ }
      dress();
    });
    by('filters').addEventListener('input', filter);
    by('filters').addEventListener('submit', (event) => event.preventDefault());
    document.addEventListener('click', copy);
    addEventListener('hashchange', open);
    filter();
    open();
  });
})();
