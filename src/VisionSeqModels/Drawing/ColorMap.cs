namespace VisionSeqModels.Drawing;

/// <summary>How numbers become colours. All can be told apart with any colour vision, and in print without colours.</summary>
public enum ColorMap
{
    /// <summary>Dark violet over green to yellow, ever lighter: for magnitudes.</summary>
    Sequential,

    /// <summary>Blue over white to orange-red: for values with a sign; white is the middle of the scale.</summary>
    Diverging,

    /// <summary>Black to white.</summary>
    Grey,
}
