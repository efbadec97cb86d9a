using SkiaSharp;
using TorchSharp;
using VisionSeqModels.Drawing;
using VisionSeqModels.Torch;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Visualization.Attribution;

#pragma warning disable IDE0065 // outside of the namespace, the namespace's own name comes first
using Attribution = VisionSeqModels.Visualization.Attribution;
#pragma warning restore IDE0065

[Collection("Torch")]
public sealed class OcclusionTests
{
    [Fact]
    public void Maps_AreThoseOfOnePlaceAfterAnother_WhateverTheBatch()
    {
        using var scope = NewDisposeScope();
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        var image = randn([1, 3, 32, 32], generator: new Generator(1));
        var options = new OcclusionSensitivityOptions
        {
            Target = 4,
            Size = 9,
            Stride = 5,
            Fill = 0.3,
        };

        var together = OcclusionSensitivity.Measure(model, image, options);
        var apart = OcclusionSensitivity.Measure(model, image, options with { BatchSize = 1 });

        Assert.Equal(6, together.Probabilities.Count); // ceil((32 − 9) / 5) + 1: the last square is cut off
        var wanted = new double[32, 32];
        var covered = new double[32, 32];
        double clean = model.call(image)[0, 4].ToDouble();
        for (int row = 0; row < 6; row++)
        {
            for (int column = 0; column < 6; column++)
            {
                var hidden = image.clone();
                int height = Math.Min(9, 32 - (row * 5)),
                    width = Math.Min(9, 32 - (column * 5));
                hidden.narrow(2, row * 5, height).narrow(3, column * 5, width).fill_(0.3);
                var scores = model.call(hidden)[0];
                Assert.Equal(scores.softmax(0)[4].ToDouble(), together.Probabilities[row][column], 1e-5);
                Assert.Equal(scores.argmax().item<long>(), together.Predictions[row][column]);
                Assert.Equal(apart.MapActivations[row][column], together.MapActivations[row][column], 1e-3);
                for (int i = 0; i < height * width; i++)
                {
                    wanted[(row * 5) + (i / width), (column * 5) + (i % width)] += clean - scores[4].ToDouble();
                    covered[(row * 5) + (i / width), (column * 5) + (i % width)]++;
                }
            }
        }

        for (int i = 0; i < 32 * 32; i++)
        {
            Assert.Equal(wanted[i / 32, i % 32] / covered[i / 32, i % 32], together.PixelImportance[i / 32][i % 32], 1e-4);
        }

        // The first map begins below its title and right of the black image and the row numbers.
        using var picture = PictureAssert.Decode(together.Draw(ImageTile.OfPixels(zeros([3, 32, 32], dtype: ScalarType.Byte))));
        Assert.Equal(SKColors.Black, picture.GetPixel(20, 50));
        var corner = ColorMaps.At(ColorMap.Sequential, together.Probabilities[0][0]);
        Assert.Equal(corner, PictureAssert.FirstColor(picture, row: 50, from: 16 + 140));
    }

    [Fact]
    public void SquareOfTheImagesOwnContent_ChangesNothing()
    {
        using var scope = NewDisposeScope();
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        var result = OcclusionSensitivity.Measure(
            model,
            full([1, 3, 32, 32], 0.5f),
            options: new OcclusionSensitivityOptions { Fill = 0.5 }
        );
        Assert.All(
            result.Probabilities.SelectMany(row => row),
            probability => Assert.Equal(result.Probability, probability, 1e-6)
        );
        Assert.All(result.PixelImportance.SelectMany(row => row), fall => Assert.Equal(0, fall, 1e-6));
    }

    [Fact]
    public void FaultyOptionsAndShapes_AreSaid()
    {
        using var scope = NewDisposeScope();
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        Assert.Equal(
            3,
            Assert
                .Throws<InvalidOptionsException>(() =>
                    OcclusionSensitivity.Measure(
                        model,
                        zeros(1, 3, 32, 32),
                        options: new OcclusionSensitivityOptions
                        {
                            Size = 0,
                            Stride = 0,
                            Fill = double.NaN,
                        }
                    )
                )
                .Faults.Count
        );
        Assert.Contains(
            "[3, 32, 32]",
            Assert.Throws<ShapeMismatchException>(() => OcclusionSensitivity.Measure(model, zeros(3, 32, 32))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void RandomizationCheck_OfAGradient_LosesTheTrainedOrder_AndGivesTheWeightsBack()
    {
        using var scope = NewDisposeScope();
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        var before = model.named_parameters().Select(entry => entry.parameter.clone()).ToList();
        var images = randn([3, 3, 32, 32], generator: new Generator(1));

        var check = RandomizationCheck.Measure(model, images);

        Assert.Equal(["fc3", "fc2", "fc1", "conv2", "conv1"], check.Layers);
        Assert.All(check.RankCorrelations, correlation => Assert.InRange(correlation, -1, 0.9));
        Assert.Equal("Saliency", check.Method);
        Assert.All(model.parameters().Zip(before), pair => TensorAssert.Identical(pair.Second, pair.First, "weights"));
        Assert.Equal(check.RankCorrelations, RandomizationCheck.Measure(model, images).RankCorrelations); // the same seed
    }

    [Fact]
    public void RandomizationCheck_TakesAnyMethod_StopsWhenCancelled_AndDrawsARowForEachLayer()
    {
        using var scope = NewDisposeScope();
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        var images = randn([2, 3, 32, 32], generator: new Generator(1));
        using var stop = new CancellationTokenSource();
        int calls = 0;
        AttributionMethod gradCam = (module, inputs, options, cancellationToken) =>
        {
            calls++;
            return ClassActivationMaps.GradCam(
                module,
                inputs,
                new ClassActivationMapsOptions { Layer = "activation1", Targets = options?.Targets },
                cancellationToken
            );
        };

        var check = RandomizationCheck.Measure(model, images, new RandomizationCheckOptions { Method = gradCam });

        Assert.Equal(("Grad-CAM (activation1)", 6), (check.Method, calls)); // trained, and once for each of five layers
        using var picture = PictureAssert.Decode(check.Draw());
        var top = ColorMaps.At(ColorMap.Diverging, (check.RankCorrelations[0] + 1) / 2);
        PictureAssert.Has(picture, top.ToString(), within: new SKRectI(0, 42, picture.Width, 72));
        using var weight = model.get_parameter("fc3.weight")!.clone();
        var stopping = new RandomizationCheckOptions
        {
            Method = (module, inputs, options, cancellationToken) =>
            {
                stop.Cancel();
                return Attribution.Saliency(module, inputs, options, CancellationToken.None);
            },
        };
        Assert.Throws<OperationCanceledException>(() => RandomizationCheck.Measure(model, images, stopping, stop.Token));
        TensorAssert.Identical(weight, model.get_parameter("fc3.weight")!, "weights after cancellation");
    }

    [Fact]
    public void RankCorrelation_IsSpearmans()
    {
        Assert.Equal(1, RandomizationCheck.RankCorrelation([1, 2, 3, 10], [5, 6, 70, 71]), 1e-12);
        Assert.Equal(-1, RandomizationCheck.RankCorrelation([1, 2, 3], [3, 2, 1]), 1e-12);
        Assert.Equal(0, RandomizationCheck.RankCorrelation([1, 1, 1], [3, 2, 1]));
        // 4.5 / sqrt(4.5 × 5)
        Assert.Equal(0.9486832980505138, RandomizationCheck.RankCorrelation([1, 2, 2, 3], [1, 2, 3, 4]), 1e-12);
    }
}
