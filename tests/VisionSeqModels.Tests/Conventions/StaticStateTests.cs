using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace VisionSeqModels.Tests.Conventions;

/// <summary>A host with several trainers, loggers and scopes shares nothing through the library that one of them could
/// change.</summary>
public sealed class StaticStateTests
{
    /// <summary>What can change, and why a host need not own it.</summary>
    private static readonly Dictionary<string, string> Changing = new()
    {
        ["FitReport._running"] = "counts the runs of the process, for one warning about threads",
        ["FaultInjection.Hook"] = "belongs to one thread; tests alone set it",
        ["FaultInjection.Memory"] = "the same",
        ["BackwardFailure._last"] = "belongs to one thread; carries an exception through libtorch",
        ["FontFallback._missing"] = "belongs to one thread: the characters missed by the picture that it draws",
        ["HostDevice.IsRemote"] = "belongs to one thread; tests alone set it",
        ["ImageDecoder._buffers"] = "belongs to one thread: memory that the next image uses again",
        ["CollectionPoint._allocated"] = "belongs to one thread: what it had allocated at the last collection",
        ["CollectionPoint._seen"] = "belongs to one thread: how many collections it has seen",
        ["Scalars._held"] = "belongs to one thread: its last 64 numbers for libtorch",
        ["Scalars._next"] = "the same",
        ["ModuleHooks.s_active"] = "belongs to one thread: the hooks that its traced passes have set",
        ["OpenMP.Instead"] = "belongs to one thread; tests and benchmarks alone set it",
        ["SkiaRuntime._logger"] = "for pictures outside of a fit alone; those of a fit use its logger",
        ["SkiaRuntime.Logger"] = "the same",
    };

    /// <summary>What can hold more or less over time, and why a host need not own it.</summary>
    private static readonly Dictionary<string, string> Collections = new()
    {
        ["DrawingLog.Own"] = "flows with the caller: the logger of its fit",
        ["FileSystem.Instead"] = "flows with the caller; tests alone set it",
        ["FontFallback.Found"] = "a cache: which font of the system has a character",
        ["FontFallback.Reported"] = "what each logger has already; an entry goes with its logger",
        ["GlobalGenerator.Own"] = "a lock on libtorch's generator, of which the process has one",
        ["ModelUse.All"] = "which models are in use; an entry goes with its model",
    };

    /// <summary>Tables that nothing is added to.</summary>
    private static readonly string[] Tables =
    [
        "FileNames.Devices",
        "FolderScan.SystemNames",
        "ModelDescriptionJson.Keys",
        "OnnxOperators.Known",
        "OptimizerStateReader.Sizes",
        "PickleGlobals.Allowed",
        "ProbedLayers.Activations",
        "ProbedLayers.Between",
        "RandomnessAnalysis.Never",
        "RunFacts.Names",
        "RunRecord.OwnKeys",
        "TensorBoardLogger.Nothing",
    ];

    private const BindingFlags Static =
        BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly Type[] Types =
    [
        .. typeof(Trainer)
            .Assembly.GetTypes()
            .Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute)) && !IsCompilers(type)),
    ];

    [Fact]
    public void NothingStaticCanChange_ButForWhatIsListedWithItsReason() =>
        Assert.Equal(
            Changing.Keys.Order(StringComparer.Ordinal),
            Fields(field => !field.IsInitOnly && !field.IsLiteral)
                .Concat(
                    Types.SelectMany(type =>
                        type.GetProperties(Static)
                            .Where(property => property.SetMethod is not null)
                            .Select(property => $"{type.Name}.{property.Name}")
                    )
                )
                .Order(StringComparer.Ordinal)
        );

    [Fact]
    public void NoStaticCollection_Grows_ButForWhatIsListedWithItsReason() =>
        Assert.Equal(
            Collections.Keys.Concat(Tables).Order(StringComparer.Ordinal),
            Fields(field => field.IsInitOnly && CanGrow(field.FieldType)).Order(StringComparer.Ordinal)
        );

    /// <summary>The checks above can fail.</summary>
    [Fact]
    public void TheChecks_SeeFieldsAndCollections()
    {
        Assert.True(CanGrow(typeof(List<int>)) && CanGrow(typeof(AsyncLocal<int>)) && !CanGrow(typeof(IReadOnlyList<int>)));
        Assert.True(Fields(_ => true).Count() > 100);
    }

    private static IEnumerable<string> Fields(Func<FieldInfo, bool> choose) =>
        Types.SelectMany(type =>
            type.GetFields(Static)
                .Where(field => !IsMarked(field) && choose(field))
                .Select(field => $"{type.Name}.{NameOf(field)}")
        );

    /// <summary>The name of the property whose value the field keeps, or its own.</summary>
    private static string NameOf(FieldInfo field) =>
        field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)] : field.Name;

    /// <summary>Functions that the compiler keeps.</summary>
    private static bool IsMarked(FieldInfo field) => field.FieldType.IsSubclassOf(typeof(Delegate)) && field.Name.Contains('<');

    private static bool IsCompilers(Type type) =>
        type.Name.StartsWith('<') || (type.DeclaringType is Type outer && IsCompilers(outer));

    private static bool CanGrow(Type type) =>
        (typeof(IDictionary).IsAssignableFrom(type) && !type.IsInterface)
        || (typeof(IList).IsAssignableFrom(type) && !type.IsArray)
        || type == typeof(Lock)
        || (
            type.IsGenericType
            && new[]
            {
                typeof(AsyncLocal<>),
                typeof(ThreadLocal<>),
                typeof(HashSet<>),
                typeof(Queue<>),
                typeof(Stack<>),
                typeof(ConcurrentQueue<>),
                typeof(ConcurrentBag<>),
                typeof(ConditionalWeakTable<,>),
                typeof(IDictionary<,>),
                typeof(IList<>),
                typeof(ISet<>),
            }.Contains(type.GetGenericTypeDefinition())
        );
}
