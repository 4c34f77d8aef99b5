namespace HvBindgen.Generator.Packing;

/// <summary>What a name of a catalog is. The numbers are part of the format.</summary>
public enum PackedKind
{
    /// <summary>A struct or union.</summary>
    Record = 0,

    /// <summary>An enum.</summary>
    Enum = 1,

    /// <summary>A macro with a value.</summary>
    Constant = 2,

    /// <summary>An ioctl request.</summary>
    Ioctl = 3,

    /// <summary>A typedef.</summary>
    Typedef = 4,

    /// <summary>A function-like macro that makes a request of its arguments.</summary>
    FunctionRequest = 5,

    /// <summary>An enumerator; the entry leads to its enum.</summary>
    Enumerator = 6,
}
