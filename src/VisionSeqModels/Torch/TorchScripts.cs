using TorchSharp;
using static TorchSharp.torch;

namespace VisionSeqModels.Torch;

/// <summary>Operations of libtorch that TorchSharp has no function for, reached through TorchScript: whole lists of tensors in
/// one call, other data for a parameter, memory that a GPU copies from by itself.</summary>
/// <remarks>A name that libtorch does not know ends the process when the script is compiled. So it is compiled at the first use
/// alone, and only with a TorchSharp that it was tried with. In these scripts dtypes are numbers: 6 is float32, 15
/// bfloat16.</remarks>
internal static class TorchScripts
{
    /// <summary>The script; tests compile it in a process of its own.</summary>
    public const string Source = """
        def same(gradients: List[Tensor]) -> List[Tensor]:
            return [gradient.contiguous() for gradient in gradients]

        def adam(parameters: List[Tensor], gradients: List[Tensor], means: List[Tensor], squares: List[Tensor],
                 maxima: List[Tensor], step: float, rate: float, beta1: float, beta2: float, decay: float, epsilon: float,
                 amsgrad: bool, maximize: bool):
            count = torch.full([], step, dtype=6, device=parameters[0].device)
            steps = [count for _ in range(len(parameters))]
            torch._fused_adam_(parameters, same(gradients), means, squares, maxima, steps, lr=rate, beta1=beta1, beta2=beta2,
                               weight_decay=decay, eps=epsilon, amsgrad=amsgrad, maximize=maximize)

        def adamw(parameters: List[Tensor], gradients: List[Tensor], means: List[Tensor], squares: List[Tensor],
                  maxima: List[Tensor], step: float, rate: float, beta1: float, beta2: float, decay: float, epsilon: float,
                  amsgrad: bool, maximize: bool):
            count = torch.full([], step, dtype=6, device=parameters[0].device)
            steps = [count for _ in range(len(parameters))]
            torch._fused_adamw_(parameters, same(gradients), means, squares, maxima, steps, lr=rate, beta1=beta1, beta2=beta2,
                                weight_decay=decay, eps=epsilon, amsgrad=amsgrad, maximize=maximize)

        def sgd(parameters: List[Tensor], gradients: List[Tensor], buffers: List[Tensor], rate: float, momentum: float,
                dampening: float, decay: float, nesterov: bool, maximize: bool, first: bool):
            torch._fused_sgd_(parameters, same(gradients), buffers, weight_decay=decay, momentum=momentum, lr=rate,
                              dampening=dampening, nesterov=nesterov, maximize=maximize, is_first_step=first)

        def zero(tensors: List[Tensor]):
            torch._foreach_zero_(tensors)

        def clamp(gradients: List[Tensor], limit: float):
            torch._foreach_clamp_min_(gradients, -limit)
            torch._foreach_clamp_max_(gradients, limit)

        def clip(gradients: List[Tensor], maximum: float) -> Tensor:
            total = torch.stack(torch._foreach_norm(gradients)).norm()
            torch._foreach_mul_(gradients, ((total + 1e-6).reciprocal() * maximum).clamp(max=1.0))
            return total

        def divide(gradients: List[Tensor], divisor: Tensor):
            torch._foreach_div_(gradients, divisor)

        def lower(tensors: List[Tensor]) -> List[Tensor]:
            masters: List[Tensor] = []
            for tensor in tensors:
                masters.append(tensor.detach())
                tensor.set_data(tensor.detach().to(15))
            return masters

        def restore(tensors: List[Tensor], masters: List[Tensor]):
            for i in range(len(tensors)):
                tensors[i].set_data(masters[i])

        def pinned(rows: int, columns: int, dtype: int) -> Tensor:
            return torch.empty([rows, columns], dtype=dtype, pin_memory=True)

        """;

    private const string TriedWith = "0.107.";
    private static readonly Lazy<jit.CompilationUnit> Unit = new(() => jit.compile(Source));

    /// <summary>Whether the scripts can be used with this TorchSharp.</summary>
    public static bool Exist { get; } = AreTriedWith(TorchRuntime.VersionOf(typeof(torch).Assembly));

    public static bool AreTriedWith(string version) => version.StartsWith(TriedWith, StringComparison.Ordinal);

    /// <summary>Calls a function of the script.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="arguments">Tensors, arrays of tensors, truths, and numbers as <see cref="Scalar"/>s that the caller
    /// keeps.</param>
    public static object? Call(string name, params object[] arguments) => Unit.Value.invoke(name, arguments);
}
