using HvBindgen.Cli.Printing;
using HvBindgen.Generator.Configuration;
using HvBindgen.Generator.Emit;
using HvBindgen.Generator.Model;

namespace HvBindgen.Cli.Sets;

/// <summary>The C# of the sets that share their support code, and so are one assembly's.</summary>
/// <param name="Sets">The sets, each with its C#.</param>
/// <param name="Support">What they share; it lies with the first of them.</param>
/// <param name="Options">How the first of them is emitted.</param>
internal sealed record EmittedAssembly(
    IReadOnlyList<(BindingSet Set, EmittedSet Emitted)> Sets, IReadOnlyList<EmittedFile> Support, EmitOptions Options)
{
    /// <summary>Emits sets.</summary>
    /// <exception cref="AggregateException">Some have no C#.</exception>
    internal static IReadOnlyList<EmittedAssembly> Emit(BindingConfiguration configuration, IReadOnlyList<ParsedSet> sets)
    {
        EmitOptions[] options = [.. sets.Select(set => EmitOptionsOf(configuration, set))];
        EmittedSet[] emitted = new EmittedSet[sets.Count];
        Each(sets.Count, index => emitted[index] = CSharpEmitter.EmitSet(
            MergedModel.Merge([.. sets[index].Parsed.Select(headers => headers.Model)]), options[index]));
        return
        [
            .. Enumerable.Range(0, sets.Count).GroupBy(index => sets[index].Set.SupportNamespace).Select(assembly =>
            {
                EmitOptions first = options[assembly.First()] with { IsInternal = assembly.All(index => sets[index].Set.IsInternal) };
                return new EmittedAssembly(
                    [.. assembly.Select(index => (sets[index].Set, emitted[index]))],
                    CSharpEmitter.EmitSupport([.. assembly.Select(index => emitted[index])], first),
                    first);
            }),
        ];
    }

    /// <summary>Compiles assemblies in memory; says so where that cannot be done.</summary>
    /// <exception cref="EmitException">One does not compile.</exception>
    internal static void Compile(IReadOnlyList<EmittedAssembly> assemblies, Action<string> note)
    {
        if (assemblies.Count > 0 && CompileCheck.WhyNot is { } reason)
        {
            note($"the C# was not compiled: {reason}");
        }

        foreach (EmittedAssembly assembly in assemblies)
        {
            CompileCheck.Require([.. assembly.Sets.Select(set => set.Emitted)], assembly.Support, assembly.Options);
        }
    }

    /// <summary>Compiles assemblies, lets their accessors write, and gives what they wrote by namespace.</summary>
    /// <exception cref="EmitException">One does not compile.</exception>
    internal static Dictionary<string, IReadOnlyList<AccessorImage>> Write(
        IReadOnlyList<EmittedAssembly> assemblies, Action<string> note)
    {
        if (assemblies.Count > 0 && CompileCheck.WhyNot is { } reason)
        {
            note($"the C# was not compiled: {reason}");
        }

        return assemblies.SelectMany(assembly => CompileCheck.Write(
            [.. assembly.Sets.Select(set => set.Emitted)], assembly.Support, assembly.Options)).ToDictionary();
    }

    private static EmitOptions EmitOptionsOf(BindingConfiguration configuration, ParsedSet parsed) =>
        parsed.Set.ToEmitOptions(ToolVersion.Text, HeaderInputs.OriginOf(configuration, parsed.Set), HeaderInputs.DigestOf(parsed.Parsed));

    // At the same time, with the first failure in the order of the sets and not of the clock.
    private static void Each(int count, Action<int> action)
    {
        Exception?[] faults = new Exception?[count];
        Parallel.For(0, count, index =>
        {
            try
            {
                action(index);
            }
            catch (Exception fault)
            {
                faults[index] = fault;
            }
        });
        if (faults.Any(fault => fault is not null))
        {
            throw new AggregateException(faults.OfType<Exception>());
        }
    }
}
