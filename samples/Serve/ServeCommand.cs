using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace VisionSeqModels.Samples.Serve;

/// <summary>Reads the command line, and turns what goes wrong into one sentence and an exit code: 0 done, 1 failed, 2 bad
/// arguments.</summary>
internal static class ServeCommand
{
    private static readonly ServeOptions Defaults = new() { Model = "" };

    private static readonly Option<string> Model = new("--model")
    {
        Description = "The ONNX file, written by SaveOnnx with its data",
        HelpName = "FILE",
        Required = true,
    };

    private static readonly Option<string> Url = new("--url")
    {
        Description = $"Where to listen (default {Defaults.Url})",
        HelpName = "URL",
        DefaultValueFactory = _ => Defaults.Url,
    };

    private static readonly Option<long> MaxBytes = Number("--max-bytes", "The largest body in bytes", Defaults.MaxBytes);
    private static readonly Option<long> MaxPixels = Number("--max-pixels", "The most pixels of a picture", Defaults.MaxPixels);

    private static readonly Option<long> Concurrency = Number(
        "--concurrency",
        "Images that are computed at once",
        Defaults.Concurrency
    );

    private static readonly Option<long> Queue = Number("--queue", "Requests that wait for their turn", Defaults.Queue);

    private static readonly Option<string?> Resize = new("--resize")
    {
        Description = "How a picture gets the model's size (default: as the model's file says)",
        HelpName = "shorter-side|stretch|letterbox",
    };

    private static readonly Option<string?> Background = new("--background")
    {
        Description = "The colour behind transparent pixels and beside a letterboxed picture (default: as the model's file says)",
        HelpName = "#RRGGBB",
    };

    public static int Run(string[] args, Func<ServeOptions, int> serve)
    {
        var command = new RootCommand("Classifies posted images through ONNX Runtime: POST a picture to /classify.")
        {
            Model,
            Url,
            MaxBytes,
            MaxPixels,
            Concurrency,
            Queue,
            Resize,
            Background,
        };
        command.SetAction(line => serve(Read(line)));
        var parsed = command.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            Console.Error.WriteLine($"{string.Join(' ', parsed.Errors.Select(error => error.Message).Distinct())} See --help.");
            return 2;
        }

        try
        {
            return parsed.Invoke(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }
            );
        }
        catch (Exception e) when (e is IOException or InvalidDataException or ArgumentException or UriFormatException)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }

    private static ServeOptions Read(ParseResult line) =>
        new()
        {
            Model = line.GetValue(Model)!,
            Url = line.GetValue(Url)!,
            MaxBytes = line.GetValue(MaxBytes),
            MaxPixels = line.GetValue(MaxPixels),
            Concurrency = (int)line.GetValue(Concurrency),
            Queue = (int)line.GetValue(Queue),
            Resize = line.GetValue(Resize) switch
            {
                null => null,
                "shorter-side" => ImageResize.ShorterSide,
                "stretch" => ImageResize.Stretch,
                "letterbox" => ImageResize.Letterbox,
                var other => throw new ArgumentException(
                    $"--resize must be shorter-side, stretch or letterbox, but is '{other}'. See --help."
                ),
            },
            Background = line.GetValue(Background),
        };

    private static Option<long> Number(string name, string description, long standard) =>
        new(name)
        {
            Description = string.Create(CultureInfo.InvariantCulture, $"{description} (default {standard})"),
            HelpName = "N",
            DefaultValueFactory = _ => standard,
            CustomParser = argument => Parse(name, argument),
        };

    private static long Parse(string name, ArgumentResult argument)
    {
        string text = argument.Tokens[0].Value;
        if (
            !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            || value is < 1 or > int.MaxValue
        )
        {
            argument.AddError($"{name} must be a whole number from 1 to {int.MaxValue}, but is '{text}'.");
        }

        return value;
    }
}
