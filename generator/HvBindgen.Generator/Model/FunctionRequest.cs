namespace HvBindgen.Generator.Model;

/// <summary>
/// An ioctl request that a function-like macro makes of its arguments, as <c>EVIOCGNAME(len)</c> does: what each argument does to
/// the number.
/// </summary>
/// <param name="Macro">The macro.</param>
/// <param name="Origin">The number with all arguments zero.</param>
/// <param name="Parameters">Its parameters, in order.</param>
public sealed record FunctionRequest(AbiMacro Macro, IoctlNumber Origin, EquatableArray<FunctionRequestParameter> Parameters)
{
    /// <summary>The parameter that the argument's size depends on; null where the size is fixed.</summary>
    public FunctionRequestParameter? Length => Parameters.FirstOrDefault(parameter => parameter.IsLength);

    /// <summary>Reads a macro's numbers for sample arguments.</summary>
    /// <param name="macro">The macro.</param>
    /// <param name="target">The machine whose numbers they are.</param>
    /// <returns>
    /// The request; null for a macro that is none, and for one whose number is no sum of multiples of its arguments in the fields
    /// for nr and size, each field with one argument at most.
    /// </returns>
    public static FunctionRequest? Of(AbiMacro macro, TargetInfo target)
    {
        ArgumentNullException.ThrowIfNull(macro);
        string[] names = [.. macro.Parameters.Trim('(', ')').Split(',').Select(name => name.Trim())];
        if (macro.Samples.Count != RequestSamples.Basic(names.Length)
            || names.Any(name => name.Length == 0 || name.Contains('.', StringComparison.Ordinal)))
        {
            return null;
        }

        IoctlNumber ones = IoctlNumber.Decode(macro.Samples[0], target);
        List<FunctionRequestParameter> parameters = [];
        (int number, int size) = (ones.Number, ones.SizeBytes);
        for (int index = 0; index < names.Length; index++)
        {
            IoctlNumber two = IoctlNumber.Decode(macro.Samples[1 + 2 * index], target);
            IoctlNumber three = IoctlNumber.Decode(macro.Samples[2 + 2 * index], target);
            (int numberStep, int sizeStep) = (two.Number - ones.Number, two.SizeBytes - ones.SizeBytes);
            bool isEven = three.Number - two.Number == numberStep && three.SizeBytes - two.SizeBytes == sizeStep;
            bool keepsRest = two.Type == ones.Type && three.Type == ones.Type && two.Direction == ones.Direction
                && three.Direction == ones.Direction;
            if (!isEven || !keepsRest || numberStep < 0 || sizeStep < 0 || numberStep > 0 == sizeStep > 0)
            {
                return null;
            }

            (number, size) = (number - numberStep, size - sizeStep);
            parameters.Add(new FunctionRequestParameter(names[index], sizeStep > 0, Math.Max(numberStep, sizeStep)));
        }

        if (number < 0 || size < 0 || parameters.Count(parameter => parameter.IsLength) > 1
            || parameters.Count(parameter => !parameter.IsLength) > 1)
        {
            return null;
        }

        uint steps = parameters.Aggregate(0u, (sum, parameter) => sum + parameter.Multiplier);
        return new FunctionRequest(
            macro,
            IoctlNumber.Decode(ones.Request - steps, target),
            EquatableArray.From(parameters.Select(parameter => parameter with
            {
                Most = (parameter.IsLength ? IoctlNumber.LargestSizeOf(target) - size : byte.MaxValue - number) / parameter.Step,
            })));
    }

    /// <summary>The number for some arguments.</summary>
    /// <param name="arguments">One for each parameter, none above its most.</param>
    /// <returns>The request's number.</returns>
    public uint NumberFor(IReadOnlyList<int> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        uint number = Origin.Request;
        for (int index = 0; index < Parameters.Count; index++)
        {
            number += (uint)arguments[index] * Parameters[index].Multiplier;
        }

        return number;
    }
}

/// <summary>A parameter of a function-like request.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsLength">Whether the argument's size grows with it; otherwise the request's nr does.</param>
/// <param name="Step">By how much: bytes, or numbers.</param>
public sealed record FunctionRequestParameter(string Name, bool IsLength, int Step)
{
    /// <summary>The largest value that its field has room for.</summary>
    public int Most { get; init; }

    /// <summary>What one more adds to the number.</summary>
    public uint Multiplier => (uint)Step << (IsLength ? IoctlNumber.SizeShift : 0);
}
