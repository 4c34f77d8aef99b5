namespace HvBindgen.Generator.Model;

/// <summary>An ioctl request: what the number says, and what only the macro said.</summary>
/// <param name="Name">Name of the macro.</param>
/// <param name="Descriptors">
/// Kinds of file descriptor that take the request, from the configuration. Drivers use one number for several requests on
/// different descriptors, so the kind is part of a request's identity.
/// </param>
/// <param name="Direction">Who reads and who writes the argument.</param>
/// <param name="Type">The driver's magic number, 8 bits.</param>
/// <param name="Number">The request's number within the driver, 8 bits.</param>
/// <param name="SizeBytes">Size of the argument as encoded in the number.</param>
/// <param name="Argument">Type the macro names; null for a request without one.</param>
/// <param name="Request">The whole number, as passed to <c>ioctl</c>.</param>
/// <param name="Location">Where the macro is defined.</param>
public sealed record AbiIoctl(
    string Name,
    EquatableArray<string> Descriptors,
    IoctlDirection Direction,
    int Type,
    int Number,
    int SizeBytes,
    AbiType? Argument,
    uint Request,
    SourceLocation Location) : IAbiDeclaration
{
    /// <inheritdoc/>
    public string CName => Name;

    /// <inheritdoc/>
    public IAbiDeclaration At(SourceLocation location) => this with { Location = location };

    /// <summary>Whether the macro names the argument as <c>const</c>: nobody is to write to it.</summary>
    public bool IsArgumentConst { get; init; }
}

/// <summary>The data direction of an ioctl, seen from the program.</summary>
[Flags]
public enum IoctlDirection
{
    /// <summary><c>_IO</c>: no data, or an integer in place of the pointer.</summary>
    None = 0,

    /// <summary><c>_IOW</c>: the kernel reads what the program wrote.</summary>
    Write = 1,

    /// <summary><c>_IOR</c>: the program reads what the kernel wrote.</summary>
    Read = 2,

    /// <summary><c>_IOWR</c>: both.</summary>
    ReadWrite = Read | Write,
}
