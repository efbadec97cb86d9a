using System.Text.Json;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace VisionSeqModels.Tests.Docs;

/// <summary>Compiles blocks of the documentation against the packed library, as a project of a user would, and runs whole
/// programs.</summary>
public sealed class BlockCompiler
{
    private const string NoStatement = "CS5001";

    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly CSharpParseOptions _syntax = new(LanguageVersion.Preview);

    /// <summary>TorchSharp was built for an older .NET: the SDK too passes that over (CS1701, CS1702).</summary>
    private static readonly CSharpCompilationOptions _compilation = new CSharpCompilationOptions(
        OutputKind.ConsoleApplication,
        nullableContextOptions: NullableContextOptions.Enable
    ).WithSpecificDiagnosticOptions([new("CS1701", ReportDiagnostic.Suppress), new("CS1702", ReportDiagnostic.Suppress)]);

    private readonly string _binaries;
    private readonly IReadOnlyList<MetadataReference> _references;

    public BlockCompiler(PackedLibrary library)
    {
        ArgumentNullException.ThrowIfNull(library);
        string consumer = library.CreateConsumer("blocks", "Console.WriteLine();");
        string json = Dotnet.Run(consumer, "build", "-c", "Release", "-t:Build", "-getItem:ReferencePathWithRefAssemblies");
        using var items = JsonDocument.Parse(json);
        _references =
        [
            .. items
                .RootElement.GetProperty("Items")
                .GetProperty("ReferencePathWithRefAssemblies")
                .EnumerateArray()
                .Select(item => MetadataReference.CreateFromFile(item.GetProperty("FullPath").GetString()!)),
        ];
        _binaries = Path.Combine(consumer, "bin", "Release", "net10.0");
    }

    /// <summary>What the compiler has to say against a block, warnings included, with the lines of the page.</summary>
    /// <remarks>A fragment may be a type alone, without a statement.</remarks>
    internal IReadOnlyList<string> Faults(CodeBlock block) =>
        [
            .. Compile(block)
                .GetDiagnostics()
                .Where(IsFault)
                .Where(fault => fault.Id != NoStatement || block.Program.Length > 0)
                .Select(Text),
        ];

    /// <summary>Runs a whole program in a folder.</summary>
    internal string Run(CodeBlock program, string folder)
    {
        string assembly = Path.Combine(_binaries, program.Program + ".dll");
        var emitted = Compile(program).Emit(assembly);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics.Where(IsFault).Select(Text)));
        return Dotnet.Run(
            Directory.CreateDirectory(folder).FullName,
            "exec",
            "--depsfile",
            Path.Combine(_binaries, "Consumer.deps.json"),
            "--runtimeconfig",
            Path.Combine(_binaries, "Consumer.runtimeconfig.json"),
            assembly
        );
    }

    private CSharpCompilation Compile(CodeBlock block)
    {
        string above = block.Program.Length > 0 ? ImplicitUsings : $"{ImplicitUsings}\n{FragmentContext.Source}";
        return CSharpCompilation.Create(
            "Block",
            [Parse(above, "above"), Parse($"#line {block.Line} \"{block.Page}\"\n{block.Code}", block.Page)],
            _references,
            _compilation
        );
    }

    private static SyntaxTree Parse(string source, string path) => CSharpSyntaxTree.ParseText(source, _syntax, path);

    private static bool IsFault(Diagnostic diagnostic) => diagnostic.Severity >= DiagnosticSeverity.Warning;

    private static string Text(Diagnostic diagnostic)
    {
        var place = diagnostic.Location.GetMappedLineSpan();
        return $"{place.Path}:{place.StartLinePosition.Line + 1}: {diagnostic.Id}: "
            + $"{diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}";
    }
}
