namespace HvBindgen.Generator.Emit;

/// <summary>What the assembly that the code goes into, and the process that emits it, allow.</summary>
/// <remarks>The defaults are those of an assembly that holds bindings alone, written by the tool.</remarks>
public sealed record EmitSurroundings
{
    /// <summary>
    /// Whether entry points are declared with <c>LibraryImport</c>, which a source generator fills in; with <c>DllImport</c> else.
    /// Generators do not see each other's code.
    /// </summary>
    public bool UsesLibraryImport { get; init; } = true;

    /// <summary>Whether the assembly's marshalling is switched off, which changes what every P/Invoke in it means.</summary>
    public bool DisablesRuntimeMarshalling { get; init; } = true;

    /// <summary>Whether code is emitted that compares the layout with C's.</summary>
    public bool HasLayoutChecks { get; init; } = true;

    /// <summary>Whether parts are emitted at the same time on several threads.</summary>
    public bool IsParallel { get; init; } = true;

    /// <summary>Ends the emission before it is done.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>The code goes into an assembly of somebody else, while that is compiled.</summary>
    /// <param name="cancellation">Ends the emission before it is done.</param>
    /// <returns>Surroundings in which nothing of that assembly changes its meaning and no thread is waited for.</returns>
    public static EmitSurroundings OfSourceGenerator(CancellationToken cancellation) => new()
    {
        UsesLibraryImport = false,
        DisablesRuntimeMarshalling = false,
        HasLayoutChecks = false,
        IsParallel = false,
        Cancellation = cancellation,
    };

    /// <summary>Begins a part of the work.</summary>
    /// <param name="part">The part, which shares nothing that changes with others.</param>
    /// <returns>Gives its result: waits for it, or does the work now.</returns>
    internal Func<T> Start<T>(Func<T> part)
    {
        if (IsParallel)
        {
            Task<T> task = Task.Run(part, Cancellation);
            return () => task.GetAwaiter().GetResult();
        }

        return () =>
        {
            Cancellation.ThrowIfCancellationRequested();
            return part();
        };
    }
}
