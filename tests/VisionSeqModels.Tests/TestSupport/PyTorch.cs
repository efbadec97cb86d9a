using System.Collections.Concurrent;
using System.Diagnostics;

namespace VisionSeqModels.Tests;

/// <summary>A Python with PyTorch, where there is one, and what runs in it.</summary>
internal static class PyTorch
{
    /// <summary>Reading and writing safetensors, for machines whose Python lacks that package: the format is eight bytes of
    /// length, a header in JSON, and the values.</summary>
    private const string Safetensors = """
        import json, numpy, torch
        KINDS = {"F32": numpy.float32, "I64": numpy.int64}

        def load_file(path):
            raw = open(path, "rb").read()
            start = 8 + int.from_bytes(raw[:8], "little")
            header = json.loads(raw[8:start])
            header.pop("__metadata__", None)
            def tensor(entry):
                begin, end = entry["data_offsets"]
                values = numpy.frombuffer(raw[start + begin:start + end], KINDS[entry["dtype"]])
                return torch.from_numpy(values.reshape(entry["shape"]).copy())
            return {name: tensor(entry) for name, entry in header.items()}

        def save_file(tensors, path):
            header, values, names = {}, b"", {kind: name for name, kind in KINDS.items()}
            for name, tensor in tensors.items():
                array = tensor.detach().numpy()
                place = [len(values), len(values) + array.nbytes]
                header[name] = {"dtype": names[array.dtype.type], "shape": list(array.shape), "data_offsets": place}
                values += array.tobytes()
            text = json.dumps(header).encode()
            open(path, "wb").write(len(text).to_bytes(8, "little") + text + values)
        """;

    /// <summary>Where a Python may be. Mutation tests ask none: it takes seconds, and stored answers try the same.</summary>
    public static IReadOnlyList<string> Programs { get; } =
#if MUTATION
    [];
#else
    ["/usr/bin/python3", "python3", "python"];
#endif

    private static readonly Lazy<string?> Found = new(() => Programs.FirstOrDefault(HasTorch));
    private static readonly ConcurrentDictionary<string, bool> Packages = new(StringComparer.Ordinal);

    public static string? Python => Found.Value;

    /// <summary>Whether that Python has a package besides.</summary>
    public static bool Has(string package) =>
        Packages.GetOrAdd(package, name => Start(Python!, Path.GetTempPath(), "-c", $"import {name}").ExitCode == 0);

    /// <summary>Runs a script in a folder and fails with what it said where it fails.</summary>
    public static void Run(string folder, string script)
    {
        if (Start(Python!, folder, "-c", "import safetensors.torch").ExitCode != 0)
        {
            string package = Directory.CreateDirectory(Path.Combine(folder, "safetensors")).FullName;
            File.WriteAllText(Path.Combine(package, "__init__.py"), "");
            File.WriteAllText(Path.Combine(package, "torch.py"), Safetensors);
        }

        string file = Path.Combine(folder, "script.py");
        File.WriteAllText(file, script);
        var (exitCode, errors) = Start(Python!, folder, file);
        Assert.True(exitCode == 0, errors);
    }

    private static bool HasTorch(string python)
    {
        try
        {
            return Start(python, Path.GetTempPath(), "-c", "import torch").ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // no such program
        }
    }

    private static (int ExitCode, string Errors) Start(string program, string folder, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            }
        )!;
        var output = process.StandardOutput.ReadToEndAsync();
        string errors = process.StandardError.ReadToEnd();
        output.GetAwaiter().GetResult();
        process.WaitForExit();
        return (process.ExitCode, errors);
    }
}
