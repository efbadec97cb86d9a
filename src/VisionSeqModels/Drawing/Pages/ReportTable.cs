namespace VisionSeqModels.Drawing;

/// <summary>A table of text, for <see cref="ReportPage.Table(ReportTable)"/> or a writer of your own.</summary>
/// <param name="Columns">The headings.</param>
/// <param name="Rows">The cells, as many a row as there are headings.</param>
public sealed record ReportTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);
