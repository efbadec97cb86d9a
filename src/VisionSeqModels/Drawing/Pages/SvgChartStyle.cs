namespace VisionSeqModels.Drawing;

/// <summary>The look of charts and their legend.</summary>
internal static class SvgChartStyle
{
    /// <summary>Colours and dashes are <see cref="CurvePalette"/>'s; here is all else.</summary>
    public const string Css = """
        .chart { display: block; width: 100%; height: auto; touch-action: pan-y; }
        .chart text { fill: var(--ink); font-size: 11.5px; }
        .chart .grid { stroke: var(--line); }
        .chart polyline, .swatch .line {
          fill: none; stroke: currentColor; stroke-width: 1.8px; vector-effect: non-scaling-stroke; stroke-linejoin: round;
        }
        .many polyline { stroke-width: 1px; }
        .factors { margin: 0 0 1rem; overflow-x: auto; }
        .parallel text { paint-order: stroke; stroke: var(--ground); stroke-width: 4px; stroke-linejoin: round; }
        .chart polyline.part { stroke-width: 1px; opacity: .75; display: none; }
        .parts .chart polyline.part { display: inline; }
        .chart .band { fill: currentColor; opacity: .16; stroke: none; }
        .parts .chart .band { display: none; }
        .chart polyline.r1, .swatch .line.r1 { stroke-width: 1.3px; stroke-dasharray: 1.5 2.5; }
        .chart polyline.r2, .swatch .line.r2 { stroke-width: 1.3px; stroke-dasharray: 6 2 1 2; }
        .chart .band.r1, .chart .band.r2 { opacity: .08; }
        .no-r0 .chart .r0, .no-r1 .chart .r1, .no-r2 .chart .r2 { display: none; }
        .parts.no-r0 .chart .part.r0, .parts.no-r1 .chart .part.r1, .parts.no-r2 .chart .part.r2 { display: none; }
        .dot { fill: currentColor; stroke: currentColor; stroke-width: .5px; }
        .dot.open { fill: var(--ground); }
        .chart .here { fill: none; stroke: var(--ink); stroke-width: 2px; }
        .marked .chart g { opacity: .15; }
        .marked .chart g.mark { opacity: 1; }
        .chart g.mark polyline { stroke-width: 3px; }
        .gone { display: none; }
        .charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); gap: 1rem 1.5rem; }
        .charts.small { grid-template-columns: repeat(auto-fill, minmax(min(45%, 12.5rem), 1fr)); gap: .8rem; }
        .charts > * { margin: 0; min-width: 0; }
        .charts figcaption { font-weight: 600; overflow-wrap: anywhere; }
        .charts.small figcaption { font-size: .85rem; line-height: 1.25; }
        .charts output {
          display: block; min-height: 1.5em; font-size: .85rem; overflow-wrap: anywhere; font-variant-numeric: tabular-nums;
        }
        .charts.small { align-items: end; }
        .legend {
          position: sticky; top: 0; z-index: 2; background: var(--ground); border: 1px solid var(--line);
          border-radius: .4rem; margin: 0 0 1rem; padding: .3rem .6rem .4rem; max-height: 30vh; overflow-y: auto;
          min-width: 0;
        }
        .legend legend { font-size: .85rem; }
        .legend .entries { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 13rem), 1fr)); gap: 0 1rem; }
        .switches { display: flex; flex-wrap: wrap; gap: 0 1rem; }
        .log { font-weight: 400; font-size: .8rem; margin-left: .8rem; white-space: nowrap; cursor: pointer; }
        .curves:not(.live) .log, .curves:not(.live) .switches { display: none; }
        .legend label {
          display: flex; align-items: center; gap: .35rem; min-height: 1.75rem; line-height: 1.2; padding: .1rem 0;
          font-size: .9rem; cursor: pointer; overflow-wrap: anywhere;
        }
        .legend input { flex: none; }
        .legend .off { opacity: .5; text-decoration: line-through; }
        .swatch { flex: none; width: 30px; height: 10px; }
        .legend button { font: inherit; font-size: .85rem; margin: 0 .8rem .2rem 0; }
        @media (max-width: 40rem) { .chart text { font-size: 14px; } .small .chart text { font-size: 13px; } }
        :focus-visible { outline: 2px solid var(--c0); outline-offset: 1px; }
        @media print {
          .factors { overflow: visible; }
          .factors svg { min-width: 0 !important; }
          .legend { position: static; max-height: none; print-color-adjust: exact; }
          .legend input, .legend button, .charts output, .log, .legend .demand { display: none; }
          .charts { grid-template-columns: repeat(2, 1fr); }
          .charts.small { grid-template-columns: repeat(4, 1fr); }
        }
        """;
}
