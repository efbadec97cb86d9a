namespace VisionSeqModels.Drawing;

/// <summary>The look of a <see cref="ReportPage"/>: light, dark, on paper, and on a phone.</summary>
internal static class ReportPageStyle
{
    public const string Css = """
        :root { color-scheme: light dark; --ink: #1a1a1a; --ground: #ffffff; --line: #d0d0d0; --best: #e2f0e8;
            --head: #f4f4f2; }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #e6e6e6; --ground: #16181b; --line: #44484d; --best: #1f3b2c; --head: #212429; }
        }
        @media print {
          :root { color-scheme: light; --ink: #000000; --ground: #ffffff; --line: #b0b0b0; --best: #e2f0e8; --head: #f4f4f2; }
        }
        body { color: var(--ink); background: var(--ground); font: 16px/1.5 system-ui, sans-serif; max-width: 72rem;
            margin: 0 auto; padding: 1rem; overflow-wrap: break-word; }
        h1 { font-size: 1.7rem; line-height: 1.2; }
        h2 { font-size: 1.25rem; margin-top: 2.2rem; border-bottom: 1px solid var(--line); }
        h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
        .note { font-size: .875rem; }
        .wide { overflow-x: auto; max-width: 100%; margin-bottom: .8rem; }
        table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; }
        th, td { border: 1px solid var(--line); padding: .25rem .45rem; vertical-align: top; }
        thead th { background: var(--head); vertical-align: bottom; }
        .number { text-align: right; }
        th button { font: inherit; color: inherit; background: none; border: 0; padding: 0; text-align: inherit;
            cursor: pointer; }
        th button::after { content: " \2195"; opacity: .45; }
        th[aria-sort=ascending] button::after { content: " \2191"; opacity: 1; }
        th[aria-sort=descending] button::after { content: " \2193"; opacity: 1; }
        .table input[type=search] { font: inherit; font-size: .9rem; padding: .15rem .4rem; margin: 0 .8rem .4rem 0;
            max-width: 100%; box-sizing: border-box; }
        .table label, .table output { font-size: .85rem; margin: 0 .8rem 0 .2rem; }
        .unfold:not(:checked) ~ .wide .more { display: none; }
        a { color: inherit; }
        td.number, td.word { white-space: nowrap; }
        .word, .long, th:first-child { text-align: left; }
        td.long { max-width: 40rem; min-width: 9rem; overflow-wrap: anywhere; }
        tbody th { font-weight: 400; background: var(--ground); position: sticky; left: 0; min-width: 8rem; max-width: 16rem;
            overflow-wrap: break-word; }
        td.best { background: var(--best); font-weight: 600; }
        figure { margin: 1rem 0; }
        .columns { display: flex; flex-wrap: wrap; gap: 0 1rem; align-items: flex-start; }
        .columns > div { flex: 1 1 18rem; min-width: 0; }
        figcaption { font-size: .9rem; }
        img { max-width: 100%; height: auto; background: #fff; border: 1px solid var(--line); border-radius: .3rem;
            box-sizing: border-box; }
        code { overflow-wrap: anywhere; }
        .reasons { overflow-wrap: anywhere; padding-left: 1.2rem; }
        @media (max-width: 40rem) {
          body { padding: .75rem; }
          h1 { font-size: 1.35rem; }
          th, td { padding: .2rem .4rem; }
          tbody th { min-width: 5.5rem; max-width: 7.5rem; }
          td.number, td.word { white-space: normal; }
          td.long { min-width: 6rem; }
          figure:has(> img) { overflow-x: auto; }
          figure:has(> img) > img { max-width: 56rem; }
        }
        @media screen and (prefers-color-scheme: dark) { figure > img { border: 5px solid #3a3f45; } }
        @page { size: A4; margin: 1.4cm; }
        @media print {
          .unfold, .unfold + label, .table input, .table output, th button::after { display: none; }
          .unfold:not(:checked) ~ .wide .more { display: table-cell; }
          body { font-size: 11pt; max-width: none; padding: 0; }
          h2, h3 { break-after: avoid; }
          figure, tr, .columns, table:not(:has(tr:nth-child(13))) { break-inside: avoid; }
          figure > img, img { max-height: 21.5cm; width: auto; }
          .columns:not(:has(p)) img { max-height: 10.5cm; }
          p { orphans: 2; widows: 2; }
          .wide { overflow: visible; }
          table { font-size: 7.5pt; }
          th, td { padding: .1rem .25rem; print-color-adjust: exact; }
          td.number, td.word { white-space: normal; }
          td.long { min-width: 0; }
          tbody th { position: static; min-width: 0; }
        }
        """;
}
