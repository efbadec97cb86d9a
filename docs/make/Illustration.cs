namespace VisionSeqModels.DocsMake;

/// <summary>A picture or a table of the documentation, and the command that makes it.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Pages">The pages that show it.</param>
/// <param name="Command">The command; OUT is a folder for what it writes, DATA that of VISIONSEQ_DATA.</param>
/// <param name="Files">What it writes in OUT, and where that belongs.</param>
/// <param name="Measures">Files and folders: a change there makes it stale.</param>
/// <param name="IsTable">Whether the tables that it prints stand on its pages: <see cref="MarkdownTables"/>.</param>
internal sealed record Illustration(
    string Name,
    IReadOnlyList<string> Pages,
    IReadOnlyList<string> Command,
    IReadOnlyDictionary<string, string> Files,
    IReadOnlyList<string> Measures,
    bool IsTable = false
);
