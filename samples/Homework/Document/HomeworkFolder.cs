using System.Text.Json.Nodes;
using VisionSeqModels.Drawing;
using VisionSeqModels.Studies;

/// <summary>What the folder of a homework has: all that the document is made of.</summary>
internal sealed class HomeworkFolder
{
    private readonly string _path;
    private readonly Dictionary<string, Study> _studies = [];

    public HomeworkFolder(string path)
    {
        _path = path;
        File =
            HomeworkFile.Read(path)
            ?? throw new FileNotFoundException(
                $"'{Path.GetFullPath(path)}' holds no homework. Run the command without --document."
            );
    }

    public HomeworkFile File { get; }

    /// <summary>The seed whose model the pictures show.</summary>
    public long FirstSeed => File.Seeds[0];

    public Study Study(string name) =>
        _studies.TryGetValue(name, out var study) ? study : _studies[name] = VisionSeqModels.Studies.Study.Open(In(name));

    /// <summary>A setting's trials that ended well, by seed.</summary>
    public IReadOnlyList<TrialResult> Trials(string study, string setting) =>
        [.. Study(study).Trials.Where(trial => trial.Setting == setting && trial.Score is not null).OrderBy(trial => trial.Seed)];

    /// <summary>The file of a trial's run folder.</summary>
    public string Of(string study, TrialResult trial, string file) => In(Path.Combine(study, trial.Folder, file));

    /// <summary>A file of a view.</summary>
    public string View(string view, string file) => In(Path.Combine(global::View.Folder, view, file));

    /// <summary>A picture of the folder; nothing where it was not drawn.</summary>
    public static Illustration[] Illustration(string path, string name, string caption) =>
        System.IO.File.Exists(path) ? [new Illustration(name, Picture.LoadPng(path), caption)] : [];

    public static JsonNode Json(string path) => JsonNode.Parse(System.IO.File.ReadAllText(path))!;

    /// <summary>What a trial's run.json says of its data.</summary>
    public JsonNode Data(string study, TrialResult trial) => Json(Of(study, trial, "run.json"))["data"]!;

    private string In(string name) => Path.Combine(_path, name);
}
