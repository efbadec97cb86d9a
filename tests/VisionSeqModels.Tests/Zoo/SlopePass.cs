using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Zoo;

/// <summary>A zoo model by hand, where each ReLU is a line: the one through what it gives for the image and for a black
/// one.</summary>
internal sealed class SlopePass
{
    public SlopePass(ZooModel model, Tensor images)
    {
        bool training = model.training;
        model.eval();
        var black = new List<Tensor>();
        using (no_grad())
        {
            model.Reference(zeros_like(images), before => Keep(black, before).relu(), (_, _) => { });
        }

        var input = images.detach().clone().requires_grad_();
        var scores = model.Reference(
            input,
            before =>
            {
                var from = black[ReluCount++];
                var rise = (before - from).detach();
                var slope = where(
                    rise.abs().le(1e-6),
                    before.detach().gt(0).to_type(before.dtype),
                    (before.detach().relu() - from.relu()) / where(rise.eq(0), ones_like(rise), rise)
                );
                return from.relu() + (slope * (before - from));
            },
            (_, _) => { }
        );
        model.train(training);
        scores.gather(1, scores.argmax(1).unsqueeze(1)).sum().backward();
        Multiplier = input.grad!;
    }

    public int ReluCount { get; private set; }

    /// <summary>Of each value of the images, for the score of the class that is predicted.</summary>
    public Tensor Multiplier { get; }

    private static Tensor Keep(List<Tensor> list, Tensor value)
    {
        list.Add(value.clone());
        return value;
    }
}
