using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Mono.Cecil;
using TorchSharp;

namespace VisionSeqModels.Tests.NativeCalls;

/// <summary>Counts by name every call that TorchSharp makes into libLibTorchSharp, its door to libtorch. For that this process
/// loads a library of the same exports in its place, each of which adds 1 to a number and jumps to the real one.</summary>
/// <remarks>What libtorch calls within itself, for example its backward pass, is not counted: that costs no way through
/// .NET.</remarks>
internal sealed class CallCounter
{
    private delegate int Open(string path);

    private delegate long Count(int index);

    private readonly string[] _names;
    private readonly Count _count;

    private CallCounter(string[] names, Count count) => (_names, _count) = (names, count);

    public static string? Compiler { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .SelectMany(folder => new[] { "cc", "gcc", "clang" }.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);

    /// <summary>Begins to count; call it before anything else touches libtorch, once in a process.</summary>
    /// <param name="folder">Where the library is compiled.</param>
    public static CallCounter Install(string folder)
    {
        string real = Directory
            .EnumerateFiles(AppContext.BaseDirectory, "libLibTorchSharp.so", SearchOption.AllDirectories)
            .Single(path => path.Contains("linux-x64", StringComparison.Ordinal));
        string[] names = Imports(NativeLibrary.Load(real));
        var library = NativeLibrary.Load(Compile(names, folder));
        var open = Marshal.GetDelegateForFunctionPointer<Open>(NativeLibrary.GetExport(library, "calls_open"));
        Assert.Equal(0, open(real));
        NativeLibrary.SetDllImportResolver(
            typeof(torch).Assembly,
            (name, _, _) => name == "LibTorchSharp" ? library : IntPtr.Zero
        );
        var count = Marshal.GetDelegateForFunctionPointer<Count>(NativeLibrary.GetExport(library, "calls_count"));
        return new CallCounter(names, count);
    }

    /// <summary>The calls so far.</summary>
    public long[] Read() => [.. Enumerable.Range(0, _names.Length).Select(i => _count(i))];

    /// <summary>What was called between two readings, and how often.</summary>
    public Dictionary<string, long> Between(long[] before, long[] after) =>
        _names
            .Select((name, i) => (name, Calls: after[i] - before[i]))
            .Where(entry => entry.Calls > 0)
            .ToDictionary(entry => entry.name, entry => entry.Calls, StringComparer.Ordinal);

    /// <summary>The functions that TorchSharp declares; it declares a few that its library lacks, and never calls
    /// them.</summary>
    private static string[] Imports(IntPtr library)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(typeof(torch).Assembly.Location);
        return
        [
            .. assembly
                .MainModule.GetTypes()
                .SelectMany(type => type.Methods)
                .Where(method => method.HasPInvokeInfo && method.PInvokeInfo.Module.Name == "LibTorchSharp")
                .Select(method => method.PInvokeInfo.EntryPoint)
                .Where(name => NativeLibrary.TryGetExport(library, name, out _))
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
    }

    private static string Compile(string[] names, string folder)
    {
        string source = Path.Combine(folder, "calls.c");
        string library = Path.Combine(folder, "libcalls.so");
        File.WriteAllText(source, Source(names));
        using var compiler = Process.Start(
            new ProcessStartInfo(Compiler!, ["-O1", "-fPIC", "-shared", "-o", library, source, "-ldl"])
            {
                RedirectStandardError = true,
            }
        )!;
        string errors = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();
        Assert.True(compiler.ExitCode == 0, errors);
        return library;
    }

    private static string Source(string[] names)
    {
        var text = new StringBuilder(
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""
                #include <dlfcn.h>
                __attribute__((visibility("hidden"))) long calls[{{names.Length}}];
                __attribute__((visibility("hidden"))) void *targets[{{names.Length}}];
                static const char *names[] = { {{string.Join(", ", names.Select(name => $"\"{name}\""))}} };
                long calls_count(int index) { return calls[index]; }
                int calls_open(const char *path)
                {
                    int missing = 0;
                    void *library = dlopen(path, RTLD_NOW);
                    for (int i = 0; i < {{names.Length}}; i++)
                        missing += (targets[i] = dlsym(library, names[i])) == 0;
                    return missing;
                }

                """
            )
        );
        for (int i = 0; i < names.Length; i++)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"__asm__(\".text\\n.globl {names[i]}\\n{names[i]}:\\n lock incq calls+{8 * i}(%rip)\\n "
                    + $"jmp *targets+{8 * i}(%rip)\\n\");\n"
            );
        }

        return text.ToString();
    }
}
