using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Verification;

/// <summary>Asks for values and types of constants, and for the numbers of ioctl requests with what they are made of.</summary>
internal static class MacroQuestions
{
    internal static void Add(AbiModel model, IReadOnlySet<string> undefined, QuestionList list)
    {
        EnumeratorTypes enumerators = new(model);
        foreach (AbiConstant constant in model.Constants)
        {
            AddConstant(constant, enumerators.Decide(constant.Name), list);
        }

        foreach (AbiIoctl ioctl in model.Ioctls)
        {
            AddIoctl(ioctl, list);
        }

        foreach (FunctionRequest request in model.Index.FunctionRequests)
        {
            AddFunction(request, list);
        }

        foreach (AbiMacro macro in model.Macros)
        {
            if (undefined.Contains(macro.Name))
            {
                list.NotAsked.Add(new NotAskedFact($"{macro.Name}: no number", "C gives it no value, and each compiler one of its own"));
            }
            else if (macro.Parameters.Length == 0)
            {
                list.OfMissing.Add(new NoNumberQuestion($"{macro.Name}: no number", macro.Name));
                list.OfMissing.Add(new NoTextQuestion($"{macro.Name}: no text", macro.Name));
            }
        }
    }

    private static void AddConstant(AbiConstant constant, bool isOfEnumerators, QuestionList list)
    {
        string name = constant.Name;
        Question value = constant.Value switch
        {
            FloatingValue floating => new FloatingQuestion($"{name}: value", name, floating.Value),
            TextValue text => new TextQuestion($"{name}: text", name, text.Value),
            IntegerValue or WideValue when IsWide(constant.Type) =>
                new WideIntegerQuestion($"{name}: value", name, constant.Value.ToString()),
            IntegerValue integer => new IntegerQuestion($"{name}: value", name, integer.Value),
            _ => throw new ArgumentException($"{name} has a value of a kind unknown here", nameof(constant)),
        };
        Question type = constant.Type is AbiPrimitive primitive
            ? new TypeQuestion($"{name}: type", name, primitive.Kind)
            : new SameTypeQuestion($"{name}: type", name, constant.Type);
        list.OfMacros.Add(value with { IsMacro = true, IsOfEnumerators = isOfEnumerators });
        list.OfMacros.Add(type with { IsMacro = true, IsOfEnumerators = isOfEnumerators });
    }

    private static bool IsWide(AbiType type) => type is AbiPrimitive { Kind: PrimitiveKind.Int128 or PrimitiveKind.UInt128 };

    // At arguments that the samples did not have: zero, the middle and the last that has room.
    private static void AddFunction(FunctionRequest request, QuestionList list)
    {
        foreach (Func<FunctionRequestParameter, int> choose in (ReadOnlySpan<Func<FunctionRequestParameter, int>>)
            [_ => 0, parameter => parameter.Most / 2, parameter => parameter.Most])
        {
            int[] arguments = [.. request.Parameters.Select(choose)];
            string call = $"{request.Macro.Name}({string.Join(", ", arguments)})";
            list.OfMacros.Add(
                new NumberQuestion($"{call}: request number", $"(unsigned int)({call})", request.NumberFor(arguments)) { IsMacro = true });
        }
    }

    private static void AddIoctl(AbiIoctl ioctl, QuestionList list)
    {
        string name = ioctl.Name;
        list.OfMacros.Add(new NumberQuestion($"{name}: request number", $"(unsigned int)({name})", ioctl.Request) { IsMacro = true });
        list.OfMacros.Add(new NumberQuestion($"{name}: type", $"_IOC_TYPE({name})", ioctl.Type) { IsMacro = true });
        list.OfMacros.Add(new NumberQuestion($"{name}: number", $"_IOC_NR({name})", ioctl.Number) { IsMacro = true });
        list.OfMacros.Add(new NumberQuestion($"{name}: size", $"_IOC_SIZE({name})", ioctl.SizeBytes) { IsMacro = true });

        // The bits of IoctlDirection, whatever bits the machine has for them.
        string direction = $"(_IOC_DIR({name}) & _IOC_WRITE ? 1 : 0) | (_IOC_DIR({name}) & _IOC_READ ? 2 : 0)";
        list.OfMacros.Add(new NumberQuestion($"{name}: direction", direction, (long)ioctl.Direction) { IsMacro = true });

        if (ioctl.Argument is { } argument)
        {
            string fact = $"{name}: size of its argument";
            if (TypeShape.IsNameable(argument))
            {
                list.OfTypes.Add(new NumberQuestion(fact, $"sizeof({argument})", ioctl.SizeBytes));
                TypeShape.CollectNames(argument, list.Identifiers);
            }
            else
            {
                list.NotAsked.Add(new NotAskedFact(fact, TypeShape.NoName));
            }
        }
    }
}
