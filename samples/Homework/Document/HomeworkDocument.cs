/// <summary>report.html and report.md, made of the homework's folder alone.</summary>
internal static class HomeworkDocument
{
    private static readonly (string Part, Func<HomeworkFolder, IEnumerable<Block>> Of)[] Sections =
    [
        (LeNetStudy.Part, LeNetStudy.Of),
        (FinalLeNet.Part, FinalLeNet.Of),
        (DeconvnetSection.Part, DeconvnetSection.Of),
        (RnnStudy.Part, RnnStudy.Of),
        (GatedStudy.Part, GatedStudy.Of),
        (CnnVersusRnn.Part, CnnVersusRnn.Of),
    ];

    /// <summary>Writes both files, and the pictures of the second.</summary>
    public static void Write(string path)
    {
        var folder = new HomeworkFolder(path);
        Block[] blocks =
        [
            .. Overview.Of(folder),
            .. Decisions.Of(folder),
            .. Sections.Where(section => folder.File.Parts.Contains(section.Part)).SelectMany(section => section.Of(folder)),
            .. Overview.Time(folder),
        ];
        var all = new Notes(path).In(blocks);
        HtmlWriter.Write(Path.Combine(path, "report.html"), Overview.Title(folder), all);
        MarkdownWriter.Write(Path.Combine(path, "report.md"), Overview.Title(folder), all);
    }
}
