using System.Globalization;
using VisionSeqModels;
using VisionSeqModels.Data;
using VisionSeqModels.Drawing;
using VisionSeqModels.Models;
using VisionSeqModels.Samples;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

/// <summary>Draws every view, saves each as PNG, and puts all on one page with two sentences on what it shows.</summary>
internal sealed class FeatureReport(SampleRun run, LeNet model, ImageDatasets data)
{
    /// <summary>The page's file, beside the run's own report.</summary>
    public const string FileName = "features.html";

    private const int ImagesShown = 6;
    private const int MapsInAPicture = 4; // as high as a sheet of paper has room for
    private readonly ReportPage _page = new("What a LeNet sees");

    public void Write()
    {
        using var scope = NewDisposeScope();
        var trainer = new Trainer(new TrainerOptions { Device = run.Arguments.Device });
        using var scores = trainer.Predict(model, data.Test); // on the device of --device, where the views stay
        var matrix = ConfusionMatrix.Measure(model, data.Test, cancellationToken: run.CancellationToken);
        _page.Paragraph(
            string.Create(
                CultureInfo.InvariantCulture,
                $"A LeNet on {data.Name}: {matrix.Accuracy:p1} of {data.Test.Count:n0} test images are right."
            )
        );
        _page.Code(CommandText.OfThisProcess);
        Filters();
        Deconvnets();
        Occlusion();
        Attributions(scores);
        Invariance();
        Errors(matrix);
        _page.Save(In(FileName));
    }

    private void Filters()
    {
        _page
            .Section("Filters")
            .Paragraph(
                "The weights of the first convolution as pictures: mid grey is zero, white and black are the largest "
                    + "weight with either sign. What has learned is smooth, blobs of colour and edges; noise that is left "
                    + "means a filter that is hardly used."
            );
        Add(
            "filters",
            FilterGrid.Draw(model, "conv1", new FilterGridOptions { Title = "conv1" }),
            "Filters of the first convolution."
        );
        string strengths = string.Join(
            "; ",
            FilterStrength
                .Measure(model)
                .Layers.Select(entry =>
                    $"{entry.Key}: "
                    + $"{string.Join(", ", entry.Value.Select(value => value.ToString("f3", CultureInfo.InvariantCulture)))}"
                )
        );
        _page.Paragraph($"Root mean square of each filter: {strengths}.");
        Add("weights", ParameterHistograms.Measure(model).Draw(), "Distribution of every parameter.");
    }

    private void Deconvnets()
    {
        _page
            .Section("Deconvnet")
            .Paragraph(
                "The images that activate each map most, and what in them does: one activation is kept and propagated "
                    + "back to the pixels through poolings (by their switches), ReLUs and transposed filters. Above "
                    + "each patch of an image is that projection; maps whose patches resemble each other have found "
                    + "something in common."
            );
        foreach (string layer in new[] { "activation1", "activation2" })
        {
            var top = TopActivations.Measure(
                model,
                data.Test,
                new TopActivationsOptions { Layer = layer },
                run.CancellationToken
            );
            top.Save(In($"top9_{layer}.json"));
            foreach (int[] maps in Enumerable.Range(0, top.Maps.Count).Chunk(MapsInAPicture))
            {
                string which = string.Create(CultureInfo.InvariantCulture, $"{maps[0]}-{maps[^1]}");
                Add(
                    $"top9_{layer}_maps{which}",
                    top.Draw(data.Test, maps),
                    $"The nine strongest activations of the maps {which.Replace('-', '–')} of {layer}."
                );
            }
        }

        if (File.Exists(In("evolution_activation2.png")))
        {
            _page.Picture(
                In("evolution_activation2.png"),
                "How the strongest projection of four maps of activation2 changed in training: a sudden change means that "
                    + "another image became the strongest."
            );
        }
    }

    private void Occlusion()
    {
        _page
            .Section("Occlusion")
            .Paragraph(
                "A grey square hides a part of the image, place by place; where the class's probability falls, the "
                    + "model needs what is there. Beside it the sum of the strongest feature map, the predicted class, and "
                    + "the mean fall of the score for each pixel."
            );
        var occlusion = OcclusionSensitivity.Measure(
            model,
            Inputs([0]),
            new OcclusionSensitivityOptions { Size = 8, Stride = 2 },
            run.CancellationToken
        );
        occlusion.Save(In("occlusion.json"));
        Add("occlusion", occlusion.Draw(ImageTile.Of(data.Test, 0), data.ClassNames), "Occlusion of the first test image.");
    }

    private void Attributions(Tensor scores)
    {
        _page
            .Section("Attribution")
            .Paragraph(
                "Which pixels matter to the predicted class, by eight methods, for six test images, right and wrong "
                    + "ones. Each map has its own scale, cut off at 98 % of its sum: compare places, not strengths. Guided "
                    + "backpropagation and the Deconvnet's rule show the image's structure whatever the weights are; the "
                    + "last table says how much."
            );
        long[] chosen = Chosen(scores);
        var images = Inputs(chosen);
        var stop = run.CancellationToken;
        var smooth = new SmoothGradOptions { Seed = run.Arguments.Seed };
        var cam = new ClassActivationMapsOptions { Layer = "activation2" };
        var methods = new (string Name, IReadOnlyList<AttributionMap> Maps, bool WithSigns)[]
        {
            ("Saliency", Attribution.Saliency(model, images, null, stop), false),
            ("SmoothGrad", Attribution.SmoothGrad(model, images, smooth, stop), false),
            ("Input × gradient", Attribution.InputXGradient(model, images, null, stop), true),
            ("Integrated", Attribution.IntegratedGradients(model, images, null, stop), true),
            ("Guided", Attribution.GuidedBackpropagation(model, images, null, stop), true),
            ("Grad-CAM", ClassActivationMaps.GradCam(model, images, cam, stop), false),
            ("HiResCAM", ClassActivationMaps.HiResCam(model, images, cam, stop), false),
            ("Guided CAM", ClassActivationMaps.GuidedGradCam(model, images, cam, stop), true),
        };
        var tiles = new List<ImageTile>();
        for (int i = 0; i < chosen.Length; i++)
        {
            string actual = data.ClassNames[(int)data.Test.Labels[chosen[i]].item<long>()],
                predicted = data.ClassNames[(int)methods[0].Maps[i].Target];
            var image = ImageTile.Of(
                data.Test,
                chosen[i],
                actual == predicted ? $"{actual}\nright" : $"{actual}, seen\nas {predicted}"
            );
            tiles.Add(image);
            tiles.AddRange(
                methods.Select(method =>
                    method.Name is "Grad-CAM" or "HiResCAM"
                        ? image.Overlay(method.Maps[i].ToTile(caption: method.Name))
                        : method.Maps[i].ToTile(method.WithSigns, caption: method.Name)
                )
            );
        }

        Add(
            "attribution",
            ImageGrid.Draw(tiles, new ImageGridOptions { Columns = methods.Length + 1, PixelSize = 3 }),
            "A row an image. Blue and red: against and for the class; dark to light: magnitude."
        );
        var integrated = methods.Single(method => method.Name == "Integrated").Maps;
        string Number(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
        _page
            .Paragraph("The values of integrated gradients sum to the score's rise over the mean image's, but for a gap:")
            .Table(
                ["image", "rise", "sum of the values", "gap", "gap in % of the rise"],
                [
                    .. integrated.Select(
                        (map, i) =>
                            (IReadOnlyList<string>)
                                [
                                    string.Create(CultureInfo.InvariantCulture, $"{chosen[i]}"),
                                    Number(map.AttributedTotal!.Value),
                                    Number(map.AttributedTotal.Value + map.ConvergenceDelta!.Value),
                                    Number(map.ConvergenceDelta.Value),
                                    (100 * Math.Abs(map.ConvergenceDelta.Value / map.AttributedTotal.Value)).ToString(
                                        "0.00",
                                        CultureInfo.InvariantCulture
                                    ),
                                ]
                    ),
                ]
            );
        var saliency = RandomizationCheck.Measure(model, images, null, stop);
        var guided = RandomizationCheck.Measure(
            model,
            images,
            new RandomizationCheckOptions { Method = Attribution.GuidedBackpropagation },
            stop
        );
        _page.Table(
            ["random from the top down to", "saliency", "guided backpropagation"],
            [
                .. saliency.Layers.Select(
                    (layer, i) =>
                        (IReadOnlyList<string>)
                            [
                                layer,
                                saliency.RankCorrelations[i].ToString("f2", CultureInfo.InvariantCulture),
                                guided.RankCorrelations[i].ToString("f2", CultureInfo.InvariantCulture),
                            ]
                ),
            ]
        );
        _page.Paragraph(
            "Rank correlation of the maps with those of the trained model when layers are made random: 1 says that "
                + "the layer did not matter."
        );
        var dream = Enumerable
            .Range(0, data.ClassNames.Count)
            .Select(target =>
                ActivationMaximization.Measure(
                    model,
                    [1, data.Channels, data.Height, data.Width],
                    new ActivationMaximizationOptions { Target = target, StepCount = run.Arguments.Quick ? 30 : 256 },
                    stop
                )
            )
            .ToList();
        Add(
            "maximization",
            ImageGrid.Draw(
                [
                    .. dream.Select(
                        (map, i) =>
                            data.Channels == 3
                                ? map.ToColorTile(data.ClassNames[i])
                                : map.ToTile(withSigns: true, caption: data.ClassNames[i])
                    ),
                ],
                new ImageGridOptions { Columns = 5, Title = "Inputs made to raise each class's score" }
            ),
            "Activation maximisation: what raises a score need not look like anything."
        );
    }

    private void Invariance()
    {
        _page
            .Section("Invariance")
            .Paragraph(
                "How far the features of the first and of the last layer move when images are shifted or turned, and "
                    + "what becomes of the class's probability. Features that move less than the images do are what makes "
                    + "a network robust."
            );
        var some = new ImageSubset(data.Test, [.. Enumerable.Range(0, Math.Min(100, data.Test.Count)).Select(i => (long)i)]);
        InvarianceCurvesOptions[] transforms =
        [
            new() { Transform = ImageTransform.Shift },
            new() { Transform = ImageTransform.Rotate, Amounts = [-90, -60, -30, -15, 0, 15, 30, 60, 90] },
        ];
        foreach (var options in transforms)
        {
            var curves = InvarianceCurves.Measure(model, some, options, run.CancellationToken);
            string name = $"invariance_{options.Transform}".ToLowerInvariant();
            curves.Save(In(name + ".json"));
            Add(name, curves.Draw(), $"{options.Transform}, over {some.Count} test images.");
        }
    }

    private void Errors(ConfusionMatrix matrix)
    {
        _page
            .Section("Errors")
            .Paragraph(
                "Which classes the model confuses, and its most confident errors. Some of the latter are hard for "
                    + "people too."
            );
        Add("confusion", matrix.Draw(), "Rows are true classes, columns predicted ones.");
        var errors = ConfidentErrors.Measure(model, data.Test, cancellationToken: run.CancellationToken);
        if (errors.ErrorCount > 0)
        {
            Add("mistakes", errors.Draw(data.Test), "The most confident errors.");
        }
    }

    /// <summary>The first three test images that are right and the first three that are wrong, or what there is of
    /// them.</summary>
    private long[] Chosen(Tensor scores)
    {
        var predicted = scores.argmax(1);
        bool[] right = predicted.eq(data.Test.Labels).data<bool>().ToArray();
        var order = Enumerable.Range(0, right.Length).ToLookup(i => right[i], i => (long)i);
        return [.. order[true].Take(ImagesShown / 2).Concat(order[false]).Take(ImagesShown)];
    }

    /// <summary>Test images as the model is fed them.</summary>
    private Tensor Inputs(long[] indices)
    {
        using var batches = new ImageSubset(data.Test, indices)
            .Read(new BatchRequest { BatchSize = indices.Length })
            .GetEnumerator();
        batches.MoveNext();
        return batches.Current.Inputs;
    }

    private void Add(string name, Picture picture, string caption)
    {
        picture.SavePng(In(name + ".png"));
        _page.Picture(picture, caption);
    }

    private string In(string name) => Path.Combine(run.RunDirectory, name);
}
