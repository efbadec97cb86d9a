/// <summary>Notes of the user's own: notes.md beside the document, each under the heading of a section. They are never
/// written, only read.</summary>
internal sealed class Notes(string folder)
{
    public const string FileName = "notes.md";
    private const string Mark = "## ";
    private readonly Dictionary<string, string> _texts = Read(Path.Combine(folder, FileName));

    /// <summary>Puts each note at the end of its section, and those under a heading that no section has at the document's
    /// end.</summary>
    public IReadOnlyList<Block> In(IReadOnlyList<Block> blocks)
    {
        var all = new List<Block>();
        string? section = null;
        var left = new Dictionary<string, string>(_texts);
        foreach (var block in blocks)
        {
            if (block is Block.Heading { IsPart: false } heading)
            {
                AddNote();
                section = heading.Text;
            }

            all.Add(block);
        }

        AddNote();
        foreach (var (heading, text) in left)
        {
            all.AddRange([new Block.Heading(heading), new Block.Note(text)]);
        }

        return all;

        void AddNote()
        {
            if (section is not null && left.Remove(section, out string? text))
            {
                all.Add(new Block.Note(text));
            }
        }
    }

    private static Dictionary<string, string> Read(string path)
    {
        var texts = new Dictionary<string, string>();
        foreach (
            string part in File.Exists(path) ? $"\n{File.ReadAllText(path).ReplaceLineEndings("\n")}".Split($"\n{Mark}")[1..] : []
        )
        {
            string[] halves = part.Split('\n', 2);
            string text = halves.Length > 1 ? halves[1].Trim() : "";
            if (text.Length > 0)
            {
                texts[halves[0].Trim()] = text;
            }
        }

        return texts;
    }
}
