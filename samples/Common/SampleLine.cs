using System.CommandLine;

namespace VisionSeqModels.Samples;

/// <summary>What a command line says, to see whether its flags go together.</summary>
public sealed class SampleLine
{
    private readonly ParseResult _line;
    private readonly SampleFlags _flags;
    private readonly SampleSettings _settings;

    internal SampleLine(ParseResult line, SampleFlags flags, SampleSettings settings) =>
        (_line, _flags, _settings) = (line, flags, settings);

    /// <summary>Whether the study is asked for.</summary>
    public bool IsStudy => _line.GetValue(StudyFlags.Study);

    /// <summary>Whether a flag was given.</summary>
    /// <param name="flag">Its name, for example <c>--momentum</c>.</param>
    public bool Has(string flag) =>
        _line
            .CommandResult.Children.OfType<System.CommandLine.Parsing.OptionResult>()
            .Any(option => option.Option.Name == flag && !option.Implicit);

    /// <summary>The first of some flags that was given, or null.</summary>
    public string? FirstOf(params IEnumerable<string> flags) => flags.FirstOrDefault(Has);

    /// <summary>What is wrong, or null.</summary>
    internal string? Fault()
    {
        string optimizer = _line.GetValue(_flags.Optimizer) ?? _settings.Optimizer;
        bool usesSgd = optimizer == "sgd" || _settings.StudiesOptimizers(this);
        return Has("--resume") && !Has("--out") && _settings.RunDirectory is null
                ? "--resume needs --out DIR, the folder to continue in."
            : Has("--momentum") && !usesSgd ? $"--momentum is SGD's, but the optimizer is {optimizer}. Give --optimizer sgd too."
            : Has("--data-dir") && _line.GetValue(_flags.Data) == "synthetic" ? "--data-dir is not used with --data synthetic."
            : !IsStudy && FirstOf(_settings.OfStudies) is string flag ? $"{flag} is for the study. Give --study too."
            : _settings.Check?.Invoke(this);
    }
}
