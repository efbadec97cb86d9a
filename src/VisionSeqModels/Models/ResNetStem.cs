namespace VisionSeqModels;

/// <summary>How a ResNet begins.</summary>
public enum ResNetStem
{
    /// <summary>For images of about 32 to 64 pixels: a 3×3 convolution that keeps the size (He et al., section 4.2).</summary>
    Small,

    /// <summary>For images of about 224 pixels: a 7×7 convolution of stride 2 and 3×3 max pooling of stride 2, which leave a
    /// quarter of height and width (He et al., table 1).</summary>
    Large,
}
