'use strict';
// Shows one journey at a time, unpacks what went over the wire when it is looked at, and filters
// the list. Texts of a run come into the page as what Rust escaped, never by way of this script.
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

  // -- packed parts ------------------------------------------------------------------------------
  async function unpack(id) {
    const block = by(id);
    if (!block) return null;
    const bytes = Uint8Array.from(atob(block.textContent), (c) => c.charCodeAt(0));
    const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    const part = document.createElement('template');
    part.innerHTML = await new Response(plain).text();
    return part.content;
  }

  function remark(text) {
    const p = document.createElement('p');
    p.className = 'note';
    p.textContent = text;
    return p;
  }

  async function fill(place) {
    if (place.dataset.filled) return;
    place.dataset.filled = 'yes';
    let part;
    try {
      part = await unpack(place.dataset.block);
    } catch {
      part = remark('This browser cannot unpack what went over the wire.');
    }
    const lacks = by('lacks');
    const cut = by('whole') ? 'Nothing is known of what went over the wire.' : 'This page was cut short.';
    place.replaceChildren(part || remark(lacks ? lacks.textContent : cut));
  }

  function empty(place) {
    delete place.dataset.filled;
    place.replaceChildren();
  }

  // -- one journey at a time ---------------------------------------------------------------------
  let rows = [];
  let shown = [];
  let current = null;
  const ROWS = 200;
  let laidOut = 0;

  async function section(index) {
    const known = by('j' + index);
    if (known) return known;
    const part = await unpack('h' + index).catch(() => null);
    if (!part) return null;
    const made = document.createElement('article');
    made.id = 'j' + index;
    made.tabIndex = -1;
    made.dataset.made = 'yes';
    made.append(part);
    by('main').querySelector('footer').before(made);
    return made;
  }

  function close() {
    if (!current) return;
    current.classList.remove('open');
    // What is not looked at takes up no room.
    if (current.dataset.made) current.remove();
    else current.querySelectorAll('.wire').forEach(empty);
    current = null;
  }

  async function show() {
    const match = /^#j(\d+)$/.exec(location.hash);
    const index = match ? Number(match[1]) : -1;
    const next = match ? await section(index) : by('overview');
    // Somebody was faster than the unpacking.
    if (match && location.hash !== match[0]) return;
    close();
    current = next || by('overview');
    current.classList.add('open');
    root.classList.toggle('reading', current !== by('overview'));
    rows.forEach((row) => {
      if (row.index === index) row.link.setAttribute('aria-current', 'true');
      else row.link.removeAttribute('aria-current');
    });
    const row = rows[index];
    while (row && row.item.hidden && shown.includes(row)) more();
    if (row) row.item.scrollIntoView({ block: 'nearest' });
    scrollTo(0, 0);
    const opened = current;
    const wires = [...opened.querySelectorAll('.wire')];
    await Promise.all(wires.filter((wire) => !wire.closest('details:not([open])')).map(fill));
    opened.dispatchEvent(new CustomEvent('shown', { bubbles: true }));
    root.dataset.shown = match ? match[0] : '#overview';
  }

  // -- search and filters ------------------------------------------------------------------------
  function filter() {
    const words = by('search').value.toLowerCase().split(/\s+/).filter(Boolean);
    const outcomes = [...document.querySelectorAll('[name=outcome]:checked')].map((it) => it.value);
    const tag = by('tag') ? by('tag').value : '';
    const feature = by('feature') ? by('feature').value : '';
    const fits = (row) =>
      words.every((word) => row.text.includes(word)) &&
      (!outcomes.length || outcomes.includes(row.outcome) || (row.quarantined && outcomes.includes('quarantined'))) &&
      (!tag || row.tags.includes(tag)) &&
      (!feature || row.covers.includes(feature));
    shown = [];
    // Thousands of rows take a browser too long to lay out: the first ones do, until somebody scrolls.
    for (const row of rows) {
      const fitting = fits(row);
      if (fitting) shown.push(row);
      const visible = fitting && shown.length <= ROWS;
      if (row.item.hidden === visible) row.item.hidden = !visible;
    }
    laidOut = Math.min(ROWS, shown.length);
    by('more').hidden = laidOut === shown.length;
    const all = rows.length;
    by('shown').textContent = shown.length === all ? String(all) : shown.length + ' of ' + all;
    by('none').hidden = shown.length > 0 || all === 0;
  }

  function more() {
    for (const row of shown.slice(laidOut, laidOut + ROWS)) row.item.hidden = false;
    laidOut = Math.min(laidOut + ROWS, shown.length);
    by('more').hidden = laidOut === shown.length;
  }

  function move(step) {
    const index = current && /^j\d+$/.test(current.id) ? Number(current.id.slice(1)) : -1;
    if (!shown.length) return;
    const at = shown.findIndex((row) => row.index === index);
    // From a journey that the filter hides, the next one below it.
    const near = step > 0 ? shown.findIndex((row) => row.index > index) : shown.findLastIndex((row) => row.index < index);
    const next = at >= 0 ? shown[at + step] : shown[near];
    if (next) location.hash = '#j' + next.index;
  }

  function key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && event.target.type !== 'checkbox';
    if (event.key === 'Escape') {
      if (event.target === by('search') && by('search').value) {
        by('search').value = '';
        filter();
      } else if (typing) {
        event.target.blur();
      } else {
        location.hash = '#overview';
      }
      event.preventDefault();
      return;
    }
    if (typing) {
      if (event.target !== by('search')) return;
      if (event.key === 'Enter' && shown.length) { location.hash = '#j' + shown[0].index; event.target.blur(); }
      if (event.key === 'ArrowDown' && shown.length) { shown[0].link.focus(); event.preventDefault(); }
      return;
    }
    const inList = event.target.closest && event.target.closest('#rows');
    if (event.key === '/') { by('search').focus(); by('search').select(); event.preventDefault(); }
    else if (event.key === 'j') move(1);
    else if (event.key === 'k') move(-1);
    else if (inList && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      const at = shown.findIndex((row) => row.link === event.target);
      const next = shown[at + (event.key === 'ArrowDown' ? 1 : -1)];
      if (next) next.link.focus();
      event.preventDefault();
    }
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
    const list = (text) => (text ? text.split('\n') : []);
    rows = [...by('rows').children].map((item, index) => ({
      item,
      index,
      link: item.firstElementChild,
      text: [item.textContent, item.dataset.more, item.dataset.tags, item.dataset.covers].join(' ').toLowerCase(),
      outcome: item.dataset.o,
      quarantined: 'q' in item.dataset,
      tags: list(item.dataset.tags),
      covers: list(item.dataset.covers),
    }));
    dress();
    by('theme').addEventListener('click', () => {
      theme = themes[(themes.indexOf(theme) + 1) % themes.length];
      try { localStorage.setItem(KEPT, theme); } catch { /* see above */ }
      dress();
    });
    by('filters').addEventListener('input', filter);
    by('filters').addEventListener('submit', (event) => event.preventDefault());
    document.addEventListener('keydown', key);
    document.addEventListener('click', copy);
    // An attempt that was closed is unpacked when it opens.
    document.addEventListener('toggle', (event) => {
      if (event.target.matches('details.attempt[open]')) event.target.querySelectorAll('.wire').forEach(fill);
    }, true);
    addEventListener('hashchange', show);
    new IntersectionObserver((seen) => { if (seen.some((it) => it.isIntersecting)) more(); }).observe(by('more'));
    filter();
    show();
  });
})();
