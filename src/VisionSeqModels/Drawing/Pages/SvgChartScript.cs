namespace VisionSeqModels.Drawing;

/// <summary>What charts do: they show the value of a point under pointer, finger or arrow keys, and only the lines that are
/// picked in the legend, on axes that fit these, linear or logarithmic. Without it the lines are there as they are at first, and
/// the dots' own titles.</summary>
internal static class SvgChartScript
{
    public const string JavaScript = """
        (() => {
          'use strict';
          const all = (selector, root = document) => [...root.querySelectorAll(selector)];
          const numbers = text => text.split(' ').map(Number);

          // Ticks as AxisTicks of the library has them.
          const tidy = step => {
            const power = 10 ** Math.floor(Math.log10(step) + 1e-9), digit = step / power;
            return power * (digit <= 1.000001 ? 1 : digit <= 2.000001 ? 2 : digit <= 5.000001 ? 5 : 10);
          };
          const range = (from, to) => Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
          const decimals = step => Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
          const label = (value, digits) =>
            Math.abs(value) < 10 ** -digits / 2 ? '0'
            : Math.abs(value) >= 1e6 || digits > 6 ? value.toExponential(1) : value.toFixed(digits);
          const around = (least, most, count) => {
            const size = Math.max(Math.abs(least), Math.abs(most));
            if (most - least <= size * 1e-6 || size < 1e-300) {
              const margin = size < 1e-300 ? 1 : size * 0.1;
              least -= margin; most += margin;
            }
            for (; ; count++) {
              const step = tidy((most - least) / count);
              const first = Math.floor(least / step + 1e-6), last = Math.ceil(most / step - 1e-6);
              if (last - first >= 2) {
                const ticks = range(first, last).map(i => i * step);
                return { first: first * step, last: last * step, ticks, text: v => label(v, decimals(step)) };
              }
            }
          };
          const ofWhole = (first, last, count) => {
            if (first > 0 && last - first < 2) first--;
            last = Math.max(last, first + 2);
            const step = Math.max(1, tidy((last - first) / count));
            const ticks = range(Math.ceil(first / step), Math.floor(last / step)).map(i => i * step);
            return { first, last, ticks, text: v => label(v, 0) };
          };
          const logarithmic = (least, most, count) => {
            let low = Math.log10(least), high = Math.log10(most);
            const margin = Math.max(0.04 * (high - low), 0.02);
            low -= margin; high += margin;
            const digits = high - low <= 3 ? [1, 2, 5] : [1];
            let ticks = range(Math.floor(low), Math.ceil(high)).flatMap(power => digits.map(digit => digit * 10 ** power))
              .filter(value => Math.log10(value) >= low && Math.log10(value) <= high);
            const few = ticks.length < 3, plain = around(least, most, count);
            if (few) ticks = plain.ticks.filter(value => value > 0);
            if (few) { low = Math.min(low, Math.log10(ticks[0])); high = Math.max(high, Math.log10(ticks.at(-1))); }
            const text = value => few ? plain.text(value)
              : value >= 1e-4 && value < 1e6 ? String(+value.toPrecision(3)) : value.toExponential(0);
            return { first: low, last: high, ticks, text, log: true };
          };

          /** A chart: reads its lines once, lays them out on given axes, says which are visible. */
          const chartOf = svg => {
            const plot = svg.querySelector('.plot'), rect = plot.querySelector('rect');
            const width = +rect.getAttribute('width'), height = +rect.getAttribute('height');
            const [x0, x1] = numbers(svg.dataset.x), [y0, y1] = numbers(svg.dataset.y);
            let axes = { x: { first: x0, last: x1 }, y: { first: y0, last: y1 } }, lines = null;
            const read = () => {
              if (lines) return lines;
              lines = [];
              for (const group of plot.querySelectorAll(':scope > g')) {
                let band = null;
                for (const node of group.children) {
                  if (node.matches('.band')) band = node;
                  else if (node.matches('.dot')) lines.at(-1).dots.push(node);
                  else {
                    const values = node.dataset.v.split(' ');
                    const epochs = node.dataset.x ? numbers(node.dataset.x) : values.map((_, i) => i + 1);
                    const ends = node.dataset.lo ? [numbers(node.dataset.lo), numbers(node.dataset.hi)] : null;
                    lines.push({ group, node, band, ends, dots: [], name: node.dataset.n, epochs, values, at: null });
                    band = null;
                  }
                }
              }
              return lines;
            };
            const upTo = value => {
              const v = axes.y.log ? (value > 0 ? Math.log10(value) : axes.y.first - 1) : value;
              return (axes.y.last - v) / (axes.y.last - axes.y.first) * height;
            };
            const along = epoch => (epoch - axes.x.first) / (axes.x.last - axes.x.first) * width;
            const place = line => line.at ??= line.values.map((v, i) => ({ x: along(line.epochs[i]), y: upTo(+v) }));
            const isVisible = line => !line.group.classList.contains('gone') && getComputedStyle(line.node).display !== 'none';
            const text = p => `${p.x.toFixed(1)},${p.y.toFixed(1)}`;
            const draw = line => {
              line.at = null;
              const points = place(line);
              line.node.setAttribute('points', points.map(text).join(' '));
              line.dots.forEach((dot, i) =>
                dot.setAttribute('transform', `translate(${points[i].x.toFixed(1)} ${points[i].y.toFixed(1)}) scale(2.5)`));
              if (line.band) {
                const edge = values => values.map((v, i) => text({ x: points[i].x, y: upTo(v) }));
                line.band.setAttribute('d', `M${[...edge(line.ends[1]), ...edge(line.ends[0]).reverse()].join('L')}Z`);
              }
            };
            return {
              svg, plot, place, ticks: numbers(svg.dataset.ticks),
              visible: () => read().filter(isVisible),
              layOut(next) {
                axes = next;
                const left = +plot.getAttribute('x') + 5, top = +plot.getAttribute('y') + 5;
                const bottom = svg.viewBox.baseVal.height - 5;
                const y = v => top + upTo(v);
                svg.querySelector('.axes').innerHTML =
                  next.y.ticks.map(v => `<path class="grid" d="M${left} ${y(v).toFixed(1)}h${width}"/><text x="${left - 5}" `
                    + `y="${y(v).toFixed(1)}" dy=".35em" text-anchor="end">${next.y.text(v)}</text>`).join('')
                  + next.x.ticks.map(v => `<text x="${(left + along(v)).toFixed(1)}" y="${bottom}" `
                    + `text-anchor="middle">${next.x.text(v)}</text>`).join('');
                for (const line of read()) line.at = null;
                read().filter(isVisible).forEach(draw);
              },
            };
          };

          /** Charts with the same axes: finds those that hold what is visible. */
          const groupOf = root => {
            const charts = all('.chart', root).map(chartOf), log = root.querySelector('[name=log]');
            const cut = root.querySelector('.cut'), isLow = root.dataset.low === '1';
            const layOut = () => {
              const lines = charts.flatMap(chart => chart.visible());
              if (lines.length === 0) return;
              const extents = lines.map(line => {
                const values = (line.ends ? [...line.ends[0], ...line.ends[1]] : line.values.map(Number))
                  .filter(v => !log.checked || v > 0);
                return [Math.min(...values), Math.max(...values)];
              }).filter(([least]) => Number.isFinite(least));
              if (extents.length === 0) return;
              const tops = extents.map(e => e[1]).sort((a, b) => a - b), usual = tops[(tops.length - 1) >> 1];
              let top = tops.at(-1);
              const isCut = isLow && !log.checked && usual > 0 && top > 10 * usual;
              if (isCut) top = tops.filter(v => v <= 10 * usual).at(-1);
              const least = Math.min(top, ...extents.map(e => e[0]));
              const ends = lines.flatMap(line => [line.epochs[0], line.epochs.at(-1)]);
              for (const chart of charts) {
                const [epochTicks, valueTicks] = chart.ticks;
                const y = log.checked ? logarithmic(least, top, valueTicks) : around(least, top, valueTicks);
                chart.layOut({ x: ofWhole(Math.min(...ends), Math.max(...ends), epochTicks), y });
                cut.textContent = isCut ? ` (lines above ${y.text(y.last)} are cut off)` : '';
              }
            };
            log.addEventListener('change', layOut);
            return { charts, layOut };
          };

          const mark = (root, setting) => {
            root.classList.toggle('marked', setting !== null);
            for (const g of all('.plot > g', root)) g.classList.toggle('mark', setting !== null && g.dataset.s === setting);
          };

          const watch = chart => {
            const box = chart.svg.parentNode, out = box.querySelector('output');
            const dot = chart.plot.appendChild(document.createElementNS(chart.plot.namespaceURI, 'circle'));
            dot.setAttribute('class', 'here gone');
            dot.setAttribute('r', 5);
            let at = null;
            const clear = () => { at = null; out.textContent = ''; dot.classList.add('gone'); mark(box, null); };
            const report = (line, index) => {
              const point = chart.place(line)[index];
              at = { line, index };
              const band = line.ends ? ` (${line.ends[0][index]} to ${line.ends[1][index]})` : '';
              out.textContent = `${line.name}, epoch ${line.epochs[index]}: ${line.values[index]}${band}`;
              dot.setAttribute('cx', point.x);
              dot.setAttribute('cy', point.y);
              dot.classList.remove('gone');
              mark(box, line.group.dataset.s);
            };
            const nearest = event => {
              const matrix = chart.plot.querySelector('rect').getScreenCTM();
              if (!matrix) return;
              const pointer = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
              let best = Infinity, found = null;
              for (const line of chart.visible()) chart.place(line).forEach((p, i) => {
                const distance = (p.x - pointer.x) ** 2 + (p.y - pointer.y) ** 2;
                if (distance < best) { best = distance; found = [line, i]; }
              });
              if (found) report(...found);
            };
            const keys = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
            chart.svg.addEventListener('pointermove', nearest);
            chart.svg.addEventListener('pointerdown', nearest);
            chart.svg.addEventListener('pointerleave', event => { if (event.pointerType === 'mouse') clear(); });
            chart.svg.addEventListener('blur', clear);
            chart.svg.addEventListener('keydown', event => {
              if (event.key === 'Escape') clear();
              if (!(event.key in keys)) return;
              event.preventDefault();
              const visible = chart.visible(), [across, along] = keys[event.key];
              if (visible.length === 0) return;
              const now = visible.indexOf(at?.line);
              if (now < 0) { report(visible[0], visible[0].values.length - 1); return; }
              const line = visible[(now + across + visible.length) % visible.length];
              report(line, Math.min(Math.max(at.index + along, 0), line.values.length - 1));
            });
          };

          for (const root of all('.curves')) {
            root.classList.add('live');
            const groups = all('.group', root).map(groupOf);
            groups.forEach(group => group.charts.forEach(watch));
            const layOut = () => groups.forEach(group => group.layOut());
            const boxes = all('[name=setting]', root), large = root.querySelector('.charts');
            const show = box => {
              for (const drawn of all(`.charts [data-s="${box.value}"]`, root)) drawn.classList.toggle('gone', !box.checked);
              box.parentNode.classList.toggle('off', !box.checked);
              if (!box.checked) mark(large, null);
            };
            for (const box of boxes) {
              const label = box.parentNode;
              box.addEventListener('change', () => { show(box); layOut(); });
              for (const event of ['mouseenter', 'focusin'])
                label.addEventListener(event, () => { if (box.checked) mark(large, box.value); });
              for (const event of ['mouseleave', 'focusout']) label.addEventListener(event, () => mark(large, null));
            }
            for (const button of all('.legend button', root)) button.addEventListener('click', () => {
              for (const box of boxes) { box.checked = button.value === 'all'; show(box); }
              layOut();
            });
            for (const box of all('[name=parts], [name=role]', root)) {
              const name = box.name === 'parts' ? 'parts' : `no-r${box.value}`;
              const apply = () => root.classList.toggle(name, box.name === 'parts' ? box.checked : !box.checked);
              box.addEventListener('change', () => { apply(); layOut(); });
            }
            // A browser that comes back to the page keeps what was picked.
            const changed = all('.legend input, [name=log]', root).filter(box => box.checked !== box.defaultChecked);
            for (const box of changed) box.dispatchEvent(new Event('change'));
          }
        })();
        """;
}
