namespace VisionSeqModels.Drawing;

/// <summary>What tables with tools do: a heading sorts by its column, a field filters the rows by text. Without it the table is
/// there in its own order.</summary>
internal static class PageTableScript
{
    public const string JavaScript = """
        (() => {
          'use strict';
          const text = cell => cell.textContent.replace('★', '').trim();
          const key = cell => {
            const plain = text(cell).replaceAll(',', '').replace('−', '-');
            return plain === '' ? null : Number.isNaN(parseFloat(plain)) ? text(cell) : parseFloat(plain);
          };
          const order = (a, b) =>
            a === null || b === null ? (a === null) - (b === null)
            : typeof a === 'number' && typeof b === 'number' ? a - b
            : String(a).localeCompare(String(b), 'en', { numeric: true });
          for (const box of document.querySelectorAll('.table.tools')) {
            const table = box.querySelector('table'), body = table.tBodies[0], rows = [...body.rows];
            const heads = [...table.tHead.rows[0].cells];
            let by = null, down = false;
            heads.forEach((head, column) => {
              const button = document.createElement('button');
              button.type = 'button';
              button.append(...head.childNodes);
              head.append(button);
              button.addEventListener('click', () => {
                if (by === column && down) by = null;
                else { down = by === column; by = column; }
                for (const each of heads) each.removeAttribute('aria-sort');
                if (by !== null) head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
                const sorted = by === null ? rows : [...rows].sort((a, b) => {
                  const [x, y] = [key(a.cells[column]), key(b.cells[column])];
                  return x === null || y === null ? order(x, y) : down ? order(y, x) : order(x, y);
                });
                body.append(...sorted);
              });
            });
            if (rows.length < 4) continue;
            const field = document.createElement('input'), count = document.createElement('output');
            field.type = 'search';
            field.placeholder = 'filter rows';
            field.setAttribute('aria-label', 'Filter the rows by text');
            box.prepend(field, count);
            field.addEventListener('input', () => {
              const words = field.value.toLowerCase().split(' ').filter(Boolean);
              for (const row of rows) row.hidden = !words.every(word => row.textContent.toLowerCase().includes(word));
              const shown = rows.filter(row => !row.hidden).length;
              count.textContent = shown === rows.length ? '' : `${shown} of ${rows.length} rows`;
            });
          }
        })();
        """;
}
