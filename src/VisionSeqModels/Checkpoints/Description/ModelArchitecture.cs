using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using VisionSeqModels.Core;
using VisionSeqModels.Models;
using static TorchSharp.torch;

namespace VisionSeqModels.Checkpoints;

/// <summary>The builders that a file can name. The table is all there is: a name outside it builds nothing.</summary>
internal sealed class ModelArchitecture
{
    public const string CustomPrefix = "custom:";

    private static readonly JsonSerializerOptions Strict = new(JsonFormat.Reading)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    private readonly string _name;
    private readonly Func<nn.Module, bool> _builds;
    private readonly Func<JsonObject, ModelPlan> _plan;

    private ModelArchitecture(string name, Func<nn.Module, bool> builds, Func<JsonObject, ModelPlan> plan)
    {
        _name = name;
        _builds = builds;
        _plan = plan;
    }

    /// <summary>All of them, in the order of their names in messages.</summary>
    public static IReadOnlyList<ModelArchitecture> All { get; } =
    [
        New<LeNetOptions>("lenet", model => model is LeNet, ModelShapes.Of, VisionModels.LeNet),
        New<MlpOptions>("mlp", model => model is Mlp, ModelShapes.Of, VisionModels.Mlp),
        New<ResNetOptions>("resnet", model => model is ResNet, ResNetShapes.Of, VisionModels.ResNet),
        Recurrent("rnn", RecurrentCell.Rnn),
        Recurrent("lstm", RecurrentCell.Lstm),
        Recurrent("gru", RecurrentCell.Gru),
    ];

    public static string Names => string.Join(", ", All.Select(architecture => architecture._name));

    public string Name => _name;

    public static bool IsKnown(string name) => All.Any(architecture => architecture._name == name);

    /// <summary>The name of the builder that made a model; of a module of the user's, that of its type.</summary>
    public static string NameOf(nn.Module model) =>
        All.FirstOrDefault(architecture => architecture._builds(model))?._name ?? CustomPrefix + model.GetType().Name;

    public static JsonObject? OptionsOf(nn.Module model) =>
        model is IConfiguredModel configured ? JsonFormat.Object(configured.Options) : null;

    /// <summary>What a description asks for. Nothing is built yet.</summary>
    /// <exception cref="InvalidDataException">The table lacks the architecture, or the options are not sound.</exception>
    public static ModelPlan Plan(string path, ModelDescription description)
    {
        string name = PlainText.Of(description.Architecture);
        var architecture =
            All.FirstOrDefault(architecture => architecture._name == description.Architecture)
            ?? throw new InvalidDataException(
                description.Architecture.StartsWith(CustomPrefix, StringComparison.Ordinal)
                    ? $"'{path}' holds the weights of a module of your own, {name}. Give ModelFile.Load a function that builds "
                        + "it."
                    : $"'{path}' names the architecture '{name}', but this version builds {Names}. Use the version that wrote "
                        + $"it, {PlainText.Of(description.LibraryVersion)}, or give ModelFile.Load a function that builds it."
            );
        try
        {
            return architecture._plan(description.Options ?? throw new JsonException("there are none."));
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(
                $"The options of the model '{name}' in '{path}' are not sound: {e.Message} They were written by version "
                    + $"{PlainText.Of(description.LibraryVersion)}.",
                e
            );
        }
    }

    private static ModelArchitecture Recurrent(string name, RecurrentCell cell) =>
        New<RecurrentOptions>(
            name,
            model => model is RecurrentClassifier recurrent && recurrent.Cell == cell,
            options => ModelShapes.Of(cell, options),
            options => SequenceModels.Build(cell, options)
        );

    private static ModelArchitecture New<TOptions>(
        string name,
        Func<nn.Module, bool> builds,
        Func<TOptions, IEnumerable<WeightShape>> shapes,
        Func<TOptions, nn.Module<Tensor, Tensor>> build
    )
        where TOptions : class =>
        new(
            name,
            builds,
            json =>
            {
                var options = json.Deserialize((JsonTypeInfo<TOptions>)Strict.GetTypeInfo(typeof(TOptions)))!;
                return new ModelPlan(() => shapes(options), () => build(options));
            }
        );
}
