namespace VisionSeqModels.Models;

/// <summary>The kind of a recurrent network.</summary>
public enum RecurrentCell
{
    /// <summary>The vanilla network: h' = tanh(W x + U h + b). Elman, "Finding structure in time" (1990).</summary>
    Rnn,

    /// <summary>Long short-term memory. Hochreiter and Schmidhuber (1997), with the forget gate of Gers et al. (2000).</summary>
    Lstm,

    /// <summary>The gated recurrent unit, in PyTorch's form. Cho et al. (2014).</summary>
    Gru,
}
