namespace HvBindgen.Generator.Model;

/// <summary>What is known of requests beyond their macros.</summary>
/// <param name="configured">By the name of the request, from the user.</param>
/// <param name="known">By header and name, of the kernel's own headers; asked when the first request is.</param>
public sealed class IoctlUses(
    IReadOnlyDictionary<string, IoctlUse> configured, Func<IReadOnlyDictionary<(string Header, string Name), IoctlUse>> known)
{
    /// <summary>What is known, where both are there already.</summary>
    /// <param name="configured">By the name of the request, from the user.</param>
    /// <param name="known">By header and name, of the kernel's own headers.</param>
    public IoctlUses(
        IReadOnlyDictionary<string, IoctlUse> configured, IReadOnlyDictionary<(string Header, string Name), IoctlUse> known)
        : this(configured, () => known)
    {
    }

    /// <summary>Nothing is known.</summary>
    public static IoctlUses None { get; } =
        new(new Dictionary<string, IoctlUse>(), new Dictionary<(string Header, string Name), IoctlUse>());

    /// <summary>What the user says, by the name of the request.</summary>
    public IReadOnlyDictionary<string, IoctlUse> Configured => configured;

    /// <summary>What the kernel does with a request's argument.</summary>
    /// <param name="ioctl">The request.</param>
    /// <returns>The use; null where the macro is believed.</returns>
    public IoctlUse? Of(AbiIoctl ioctl) => Of((IAbiDeclaration)ioctl);

    /// <summary>The same for a request that a macro makes of its arguments.</summary>
    /// <param name="macro">The macro.</param>
    /// <returns>The use; null where the macro is believed.</returns>
    public IoctlUse? Of(AbiMacro macro) => Of((IAbiDeclaration)macro);

    private IoctlUse? Of(IAbiDeclaration request) =>
        configured.TryGetValue(request.Name, out IoctlUse? use) ? use : known().GetValueOrDefault((request.Location.Header, request.Name));
}
