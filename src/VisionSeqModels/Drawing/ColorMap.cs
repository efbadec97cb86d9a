namespace VisionSeqModels.Drawing;

/// <summary>How numbers become colours. Lightness alone shows magnitudes, so a map is readable with any colour vision.</summary>
public enum ColorMap
{
    /// <summary>Dark violet over green to yellow, ever lighter: for magnitudes.</summary>
    Sequential,

    /// <summary>Blue over white to orange-red: for values with a sign; white is the middle of the scale.</summary>
    Diverging,

    /// <summary>Black to white.</summary>
    Grey,
}
