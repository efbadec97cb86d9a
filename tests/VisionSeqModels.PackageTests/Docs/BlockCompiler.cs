using System.Text.Json;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace VisionSeqModels.Tests.Docs;

/// <summary>Compiles blocks of the documentation against the packed library, as a user's project would, and runs whole
/// programs.</summary>
public sealed class BlockCompiler : IDisposable
{
    private const string NoStatement = "CS5001";
    private const string UnneededUsing = "CS8019";

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

    /// <summary>TorchSharp was built for an older .NET; the SDK ignores that too (CS1701, CS1702).</summary>
    private static readonly CSharpCompilationOptions _compilation = new CSharpCompilationOptions(
        OutputKind.ConsoleApplication,
        nullableContextOptions: NullableContextOptions.Enable
    ).WithSpecificDiagnosticOptions([new("CS1701", ReportDiagnostic.Suppress), new("CS1702", ReportDiagnostic.Suppress)]);

    private readonly TestProjects _projects;
    private readonly string _binaries;
    private readonly IReadOnlyList<MetadataReference> _references;

    public BlockCompiler(Packed packed)
    {
        ArgumentNullException.ThrowIfNull(packed);
        var library = packed.Library;
        PackedLibrary.FurtherPackages.ToList().ForEach(package => library.PackFurther(package));
        _projects = new TestProjects(library);
        string consumer = _projects.CreateConsumer("blocks", "Console.WriteLine();", withFurtherPackages: true);
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

    public void Dispose() => _projects.Dispose();

    /// <summary>A folder for a program that runs.</summary>
    internal string CreateFolder(string name) => _projects.CreateFolder(name);

    /// <summary>What the compiler reports against a block, warnings included, with the lines of the page.</summary>
    /// <remarks>A fragment may be a type alone, without a statement.</remarks>
    internal IReadOnlyList<string> Faults(CodeBlock block) =>
        [
            .. Compile(block, GlobalUsings(block))
                .GetDiagnostics()
                .Where(IsFault)
                .Where(fault => fault.Id != NoStatement || block.Program.Length > 0)
                .Select(Text),
        ];

    /// <summary>The using directives of this library and of TorchSharp that a block cannot do without: of those that a
    /// fragment may assume, or of those that a whole program has.</summary>
    internal IReadOnlyList<string> NeededUsings(CodeBlock block)
    {
        string above = block.Program.Length > 0 ? "" : string.Join('\n', FragmentContext.Usings) + "\n";
        var compilation = Compile(block with { Code = above + block.Code }, "");
        var tree = compilation.SyntaxTrees[^1];
        var unneeded = compilation
            .GetDiagnostics()
            .Where(diagnostic => diagnostic.Id == UnneededUsing && diagnostic.Location.SourceTree == tree)
            .Select(diagnostic => diagnostic.Location.SourceSpan)
            .ToList();
        return
        [
            .. ((CompilationUnitSyntax)tree.GetRoot())
                .Usings.Where(directive => !unneeded.Exists(span => span.Contains(directive.Span)))
                .Select(directive => directive.ToString())
                .Where(IsOfLibraryOrTorchSharp)
                .Distinct(),
        ];
    }

    /// <summary>Runs a whole program in a folder, on one thread: two would wait for each other where other programs use the
    /// processor too.</summary>
    internal string Run(CodeBlock program, string folder)
    {
        string assembly = Path.Combine(_binaries, program.Program + ".dll");
        var emitted = Compile(program, GlobalUsings(program)).Emit(assembly);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics.Where(IsFault).Select(Text)));
        var (exitCode, output) = Dotnet.Start(
            "dotnet",
            Directory.CreateDirectory(folder).FullName,
            [
                "exec",
                "--depsfile",
                Path.Combine(_binaries, "Consumer.deps.json"),
                "--runtimeconfig",
                Path.Combine(_binaries, "Consumer.runtimeconfig.json"),
                assembly,
            ],
            environment => environment["OMP_NUM_THREADS"] = "1"
        );
        Assert.True(exitCode == 0, $"The program '{program.Program}' ended with {exitCode}:\n{output}");
        return output;
    }

    private CSharpCompilation Compile(CodeBlock block, string globalUsings)
    {
        string variables = block.Program.Length > 0 ? "" : FragmentContext.Variables;
        return CSharpCompilation.Create(
            "Block",
            [
                Parse($"{ImplicitUsings}\n{globalUsings}\n{variables}", "above"),
                Parse($"#line {block.Line} \"{block.Page}\"\n{block.Code}", block.Page),
            ],
            _references,
            _compilation
        );
    }

    private static string GlobalUsings(CodeBlock block) =>
        block.Program.Length > 0 ? "" : string.Join('\n', FragmentContext.Usings.Select(directive => $"global {directive}"));

    private static bool IsOfLibraryOrTorchSharp(string directive) =>
        directive.Contains(nameof(VisionSeqModels), StringComparison.Ordinal)
        || directive.Contains("TorchSharp", StringComparison.Ordinal);

    private static SyntaxTree Parse(string source, string path) => CSharpSyntaxTree.ParseText(source, _syntax, path);

    private static bool IsFault(Diagnostic diagnostic) => diagnostic.Severity >= DiagnosticSeverity.Warning;

    private static string Text(Diagnostic diagnostic)
    {
        var place = diagnostic.Location.GetMappedLineSpan();
        return $"{place.Path}:{place.StartLinePosition.Line + 1}: {diagnostic.Id}: "
            + $"{diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}";
    }
}
