namespace VisionSeqModels.Studies;

/// <summary>What charts do: they show the value of a point under pointer, finger or arrow keys, and only the lines that are
/// picked in the legend. Without it all lines are there, and the dots' own titles.</summary>
internal static class SvgChartScript
{
    public const string JavaScript = """
        (() => {
          'use strict';
          const all = (selector, root = document) => [...root.querySelectorAll(selector)];
          const mark = (root, setting) => {
            root.classList.toggle('marked', setting !== null);
            for (const g of all('.plot > g', root)) g.classList.toggle('mark', setting !== null && g.dataset.s === setting);
          };

          for (const box of all('.charts > *')) {
            const plot = box.querySelector('.plot'), chart = box.querySelector('.chart'), out = box.querySelector('output');
            if (!plot) continue;
            const dot = plot.appendChild(document.createElementNS(plot.namespaceURI, 'circle'));
            dot.setAttribute('class', 'here gone');
            dot.setAttribute('r', 5);
            let lines = null, at = null;
            const read = () => lines ??= all('polyline', plot).map(line => {
              const values = line.dataset.v.split(' '), epochs = line.dataset.x?.split(' ');
              const points = [...line.points].map((p, i) =>
                ({ x: p.x, y: p.y, epoch: epochs ? epochs[i] : i + 1, value: values[i] }));
              return { group: line.parentNode, name: line.dataset.n, points };
            });
            const shown = () => read().filter(line => !line.group.classList.contains('gone'));
            const clear = () => { at = null; out.textContent = ''; dot.classList.add('gone'); mark(box, null); };
            const report = (line, index) => {
              const point = line.points[index];
              at = { line, index };
              out.textContent = `${line.name}, epoch ${point.epoch}: ${point.value}`;
              dot.setAttribute('cx', point.x);
              dot.setAttribute('cy', point.y);
              dot.classList.remove('gone');
              mark(box, line.group.dataset.s);
            };
            const nearest = event => {
              const matrix = plot.querySelector('rect').getScreenCTM();
              if (!matrix) return;
              const pointer = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
              let best = Infinity, found = null;
              for (const line of shown()) line.points.forEach((p, i) => {
                const distance = (p.x - pointer.x) ** 2 + (p.y - pointer.y) ** 2;
                if (distance < best) { best = distance; found = [line, i]; }
              });
              if (found) report(...found);
            };
            const keys = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
            chart.addEventListener('pointermove', nearest);
            chart.addEventListener('pointerdown', nearest);
            chart.addEventListener('pointerleave', event => { if (event.pointerType === 'mouse') clear(); });
            chart.addEventListener('blur', clear);
            chart.addEventListener('keydown', event => {
              if (event.key === 'Escape') clear();
              if (!(event.key in keys)) return;
              event.preventDefault();
              const visible = shown(), [across, along] = keys[event.key];
              if (visible.length === 0) return;
              const now = visible.indexOf(at?.line);
              if (now < 0) { report(visible[0], visible[0].points.length - 1); return; }
              const line = visible[(now + across + visible.length) % visible.length];
              report(line, Math.min(Math.max(at.index + along, 0), line.points.length - 1));
            });
          }

          const boxes = all('.legend input');
          const show = box => {
            for (const drawn of all(`.charts [data-s="${box.value}"]`)) drawn.classList.toggle('gone', !box.checked);
            box.parentNode.classList.toggle('off', !box.checked);
          };
          for (const box of boxes) {
            const label = box.parentNode, large = document.querySelector('.charts');
            box.addEventListener('change', () => show(box));
            for (const event of ['mouseenter', 'focusin']) label.addEventListener(event, () => mark(large, box.value));
            for (const event of ['mouseleave', 'focusout']) label.addEventListener(event, () => mark(large, null));
            show(box);
          }
          for (const button of all('.legend button')) button.addEventListener('click', () => {
            for (const box of boxes) { box.checked = button.value === 'all'; show(box); }
          });
        })();
        """;
}
