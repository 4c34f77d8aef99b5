namespace HvBindgen.Generator.Model;

/// <summary>What the kernel does with a request's argument, where the macro says something else or nothing.</summary>
/// <param name="Passing">How the argument gets there.</param>
/// <param name="Argument">Its type; null for that of the macro, and where there is none.</param>
/// <param name="Source">Who says so, for readers: a file of the kernel, or the configuration.</param>
public sealed record IoctlUse(IoctlPassing Passing, AbiType? Argument, string Source)
{
    /// <summary>The words that <see cref="Read"/> knows.</summary>
    public const string Words = "\"none\", \"pointer\", or one of \"value\", \"in\", \"out\" and \"ref\" with a C type after it";

    private static readonly (IoctlPassing Passing, string Word)[] PassingWords =
    [
        (IoctlPassing.None, "none"), (IoctlPassing.Pointer, "pointer"), (IoctlPassing.Value, "value"), (IoctlPassing.In, "in"),
        (IoctlPassing.Out, "out"), (IoctlPassing.Ref, "ref"),
    ];

    /// <summary>A sentence about it, with the source.</summary>
    /// <param name="code">How words of C are written.</param>
    /// <returns>For example <c>Whatever the macro says, the kernel reads a struct uffdio_range: mm/userfaultfd.c.</c></returns>
    public string Describe(Func<string, string> code)
    {
        ArgumentNullException.ThrowIfNull(code);
        string type = Argument is null ? "the argument" : $"a {code(AbiTypeText.Write(Argument))}";
        string does = Passing switch
        {
            IoctlPassing.None => "takes no argument",
            IoctlPassing.Value => $"takes {type} in place of an address",
            IoctlPassing.In => $"reads {type}",
            IoctlPassing.Out => $"writes {type}",
            IoctlPassing.Ref => $"reads and writes {type}",
            _ => "takes the address of what no single type describes",
        };
        return $"Whatever the macro says, the kernel {does}: {Source}.";
    }

    /// <summary>What <see cref="Read"/> reads.</summary>
    internal string ToText()
    {
        string word = Array.Find(PassingWords, each => each.Passing == Passing).Word;
        return Argument is null ? word : $"{word} {AbiTypeText.Write(Argument)}";
    }

    /// <summary>Reads <c>ref struct ifreq</c>, <c>value int</c>, <c>none</c>.</summary>
    /// <param name="text">A word, and a C type where it needs one.</param>
    /// <param name="source">Who says so.</param>
    /// <returns>The use.</returns>
    /// <exception cref="FormatException">The word is unknown, a type is missing or too much, or it is none.</exception>
    public static IoctlUse Read(string text, string source)
    {
        string[] parts = [.. text.Trim().Split([' '], 2, StringSplitOptions.RemoveEmptyEntries).Select(part => part.Trim())];
        int known = Array.FindIndex(PassingWords, each => parts.Length > 0 && each.Word == parts[0]);
        if (known < 0)
        {
            throw new FormatException($"\"{text}\" does not begin with {Words}");
        }

        IoctlPassing passing = PassingWords[known].Passing;
        bool takesType = passing is not (IoctlPassing.None or IoctlPassing.Pointer);
        if (takesType != parts.Length > 1)
        {
            throw new FormatException(takesType ? $"\"{text}\" names no type" : $"\"{text}\" has a type that it does not need");
        }

        AbiType? argument = takesType ? AbiTypeText.Read(parts[1]) : null;
        return passing != IoctlPassing.Value || argument is AbiPrimitive { Kind: not PrimitiveKind.Void } or AbiTypedefRef
            ? new IoctlUse(passing, argument, source)
            : throw new FormatException($"\"{text}\": only a number can be passed as a value");
    }
}

/// <summary>How a request's argument gets to the kernel.</summary>
public enum IoctlPassing
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>A number in place of the address.</summary>
    Value,

    /// <summary>An address; the kernel reads.</summary>
    In,

    /// <summary>An address; the kernel writes.</summary>
    Out,

    /// <summary>An address; the kernel reads and writes.</summary>
    Ref,

    /// <summary>An address of something that no single type describes, or that the kernel keeps.</summary>
    Pointer,
}
