namespace VisionSeqModels;

/// <summary>How a ResNet's shortcut gets past a block that changes the size.</summary>
public enum ResNetShortcut
{
    /// <summary>Every second pixel, with channels of zeros before and behind (option A of He et al.). It has no
    /// parameters.</summary>
    Identity,

    /// <summary>A 1×1 convolution with batch normalisation, <c>downsample.0</c> and <c>downsample.1</c> (option B of He et
    /// al., and torchvision's).</summary>
    Projection,
}
