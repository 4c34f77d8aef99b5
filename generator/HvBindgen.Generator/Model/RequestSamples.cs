namespace HvBindgen.Generator.Model;

/// <summary>The arguments that a function-like request is asked with.</summary>
/// <remarks>
/// The first few tell what each argument does to the number, and are kept. The further ones tell whether it does so at every value: a
/// mask, a cast and a limit show at powers of two and before them. They are kept of a macro that they speak against.
/// </remarks>
internal static class RequestSamples
{
    // No request has more of them that a method could be made of: one for nr, one for the size.
    private const int MostParameters = 2;

    private static readonly int[] First = [2, 3];

    // With them the largest values that a field has room for, which begins at 0 or at a power of two.
    private static readonly int[] Further =
    [
        0, 4, 7, 8, 15, 16, 31, 32, 63, 64, 127, 128, 191, 223, 239, 247, 251, 253, 254, 255,
        256, 511, 512, 1023, 1024, 2047, 2048, 4095, 4096, 8191, 8192, 16383,
    ];

    private static readonly int[] Together = [0, 4, 64];

    /// <summary>How many of <see cref="Of"/> tell what the arguments do.</summary>
    internal static int Basic(int parameters) => 1 + 2 * parameters;

    /// <summary>
    /// The lists of arguments: all ones, then each in turn two and three, then each in turn the further values, then all together some.
    /// </summary>
    internal static IReadOnlyList<int[]> Of(int parameters)
    {
        List<int[]> lists = [With(parameters, static _ => 1)];
        for (int varied = 0; varied < parameters; varied++)
        {
            int at = varied;
            lists.AddRange(First.Select(value => With(parameters, index => index == at ? value : 1)));
        }

        for (int varied = 0; varied < parameters && parameters <= MostParameters; varied++)
        {
            int at = varied;
            lists.AddRange(Further.Select(value => With(parameters, index => index == at ? value : 1)));
        }

        lists.AddRange(Together.Where(_ => parameters == MostParameters).Select(value => With(parameters, _ => value)));
        return lists;
    }

    /// <summary>What is kept of a macro's numbers.</summary>
    /// <param name="macro">The macro, without them.</param>
    /// <param name="parameters">How many arguments it was asked with.</param>
    /// <param name="numbers">What it gave for each list of <see cref="Of"/>; null where that is no number.</param>
    /// <param name="target">The machine.</param>
    /// <returns>
    /// None where one of the first is no number; all, with 0 for no number, where a further one lies elsewhere than the first ones say.
    /// </returns>
    internal static EquatableArray<uint> Kept(AbiMacro macro, int parameters, IReadOnlyList<uint?> numbers, TargetInfo target)
    {
        if (numbers.Count == 0 || numbers.Take(Basic(parameters)).Any(number => number is null))
        {
            return [];
        }

        EquatableArray<uint> all = EquatableArray.From(numbers.Select(number => number ?? 0));
        EquatableArray<uint> kept = EquatableArray.From(numbers.Take(Basic(parameters)).Select(number => number!.Value));
        return FunctionRequest.Of(macro with { Samples = kept }, target) is { } request && request.Parameters.Count == parameters
            && Of(parameters).Zip(all, (arguments, number) => NumberFor(request, arguments) is { } said && said != number).Contains(true)
            ? all
            : kept;
    }

    /// <summary>Where two macros of as many parameters give different numbers; null where they do not.</summary>
    /// <returns>The arguments, none for those that are kept of every request, and both numbers; 0 for no number.</returns>
    internal static (int[] Arguments, uint Before, uint After)? Difference(AbiMacro before, AbiMacro after, TargetInfo target)
    {
        int both = Math.Min(before.Samples.Count, after.Samples.Count);
        int parameters = ParametersOf(before.Parameters);
        int basic = Math.Min(both, Basic(parameters));
        for (int index = 0; index < basic; index++)
        {
            if (before.Samples[index] != after.Samples[index])
            {
                return ([], before.Samples[index], after.Samples[index]);
            }
        }

        // Snapshots of earlier versions keep the first numbers alone, whatever the macro does.
        bool mayDiffer = before.Digest != after.Digest || before.Samples.Count == after.Samples.Count;
        IReadOnlyList<int[]> lists = mayDiffer && parameters <= MostParameters ? Of(parameters) : [];
        FunctionRequest? old = FunctionRequest.Of(before, target);
        FunctionRequest? now = FunctionRequest.Of(after, target);
        for (int index = basic; index < lists.Count; index++)
        {
            if (NumberAt(before, old, index, lists[index]) is { } one && NumberAt(after, now, index, lists[index]) is { } other
                && one != other)
            {
                return (lists[index], one, other);
            }
        }

        return null;
    }

    /// <summary>The number of parameters that have a name.</summary>
    /// <param name="parameters">They, as in <c>(nr, ...)</c>.</param>
    internal static int ParametersOf(string parameters) =>
        parameters.Trim('(', ')').Split(',').Count(static parameter => parameter.Trim() is not ("" or "..."));

    private static uint? NumberAt(AbiMacro macro, FunctionRequest? request, int index, int[] arguments) =>
        index < macro.Samples.Count ? macro.Samples[index] : request is null ? null : NumberFor(request, arguments);

    // Null outside of the ranges that the request's method takes.
    private static uint? NumberFor(FunctionRequest request, int[] arguments) =>
        request.Parameters.Zip(arguments, (parameter, argument) => argument > parameter.Most).Contains(true)
            ? null
            : request.NumberFor(arguments);

    private static int[] With(int parameters, Func<int, int> value) => [.. Enumerable.Range(0, parameters).Select(value)];
}
