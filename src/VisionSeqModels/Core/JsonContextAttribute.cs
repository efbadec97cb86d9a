using System.Text.Json.Serialization;

namespace VisionSeqModels.Core;

/// <summary>Says which source-generated context a floor has, so that <see cref="JsonFormat"/> finds it without using a floor
/// above its own.</summary>
internal abstract class JsonContextAttribute : Attribute
{
    public abstract JsonSerializerContext Context { get; }
}

/// <inheritdoc/>
/// <typeparam name="TContext">The context.</typeparam>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class JsonContextAttribute<TContext> : JsonContextAttribute
    where TContext : JsonSerializerContext, IJsonContext<TContext>
{
    public override JsonSerializerContext Context => TContext.Default;
}
