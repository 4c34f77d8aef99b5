namespace HvBindgen.Abi;

/// <summary>A call by number that takes an input record and gives nothing back but its status.</summary>
/// <typeparam name="TInput">Record of the input.</typeparam>
/// <param name="code">Number of the call.</param>
public readonly struct CallSignature<TInput>(ushort code)
    where TInput : unmanaged
{
    /// <summary>Number of the call.</summary>
    public ushort Code { get; } = code;
}

/// <summary>A call by number that takes an input record and fills an output record.</summary>
/// <typeparam name="TInput">Record of the input.</typeparam>
/// <typeparam name="TOutput">Record of the output.</typeparam>
/// <param name="code">Number of the call.</param>
public readonly struct CallSignature<TInput, TOutput>(ushort code)
    where TInput : unmanaged
    where TOutput : unmanaged
{
    /// <summary>Number of the call.</summary>
    public ushort Code { get; } = code;
}
