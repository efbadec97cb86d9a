namespace VisionSeqModels;

/// <summary>How <see cref="ModelWeights.LoadWeights(TorchSharp.torch.nn.Module, string, LoadWeightsOptions)"/> fits a file to a
/// model.</summary>
public sealed record LoadWeightsOptions
{
    /// <summary>True (default): a tensor that is missing, unexpected, or of another shape is an error, and so are integers in
    /// place of floating-point numbers. False: loads the tensors that fit and reports the others.</summary>
    public bool Strict { get; init; } = true;

    /// <summary>What stands before the file's names and not before the model's, such as <c>backbone.</c>; names without it stay
    /// as they are. Null (default): <c>module.</c>, <c>_orig_mod.</c>, <c>model.</c> and <c>net.</c> are found. Empty: the names
    /// are taken as they are.</summary>
    public string? Prefix { get; init; }

    /// <summary>Gives the model's name for a name of the file, without <see cref="Prefix"/>; null leaves the tensor out, which
    /// is no error. Null (default): the names are the same.</summary>
    public Func<string, string?>? Map { get; init; }

    /// <summary>The dict within a PyTorch checkpoint that has the weights, such as <c>state_dict</c>; empty for the file's own.
    /// Null (default): it is found, and <see cref="Checkpoints.WeightsReport.Entry"/> says which one it was. Safetensors files
    /// have none.</summary>
    public string? Entry { get; init; }
}
