using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Matching;

/// <summary>Two generations of an ioctl request.</summary>
internal sealed class IoctlPair : DeclarationPair<AbiIoctl>
{
    private readonly List<string> dependencies = [];

    internal IoctlPair(AbiIoctl? before, AbiIoctl? after, MatchContext context)
        : base((after ?? before)!.Name, (after ?? before)!.Name, before, after, context)
    {
        if (before?.Argument is { } old && after?.Argument is { } now)
        {
            Argument = context.Types.Compare(old, now);
            Matching.Dependencies.AddTo(dependencies, context.After, now, Key, "");
        }
        else if (HasBoth(out _, out _))
        {
            Argument = before!.Argument is null == after!.Argument is null ? TypeRelation.Same : TypeRelation.Different;
        }

        dependencies.AddRange(context.Derivations.ChangedSources(Key));
    }

    /// <summary>How the two argument types relate.</summary>
    internal TypeRelation Argument { get; }

    internal override IReadOnlyList<string> Dependencies => dependencies;

    /// <summary>What type and number are made of and that changed; the argument gives the size alone.</summary>
    internal IReadOnlyList<string> NumberSources =>
        [.. Context.Derivations.ChangedSources(Key).Where(source => !Context.Derivations.IsRecord(source))];

    internal static string DescribeArgument(AbiIoctl ioctl) => ioctl.Argument?.ToString() ?? "no argument";

    internal static string Describe(AbiIoctl ioctl)
    {
        string direction = ioctl.Direction switch
        {
            IoctlDirection.None => "_IO",
            IoctlDirection.Read => "_IOR",
            IoctlDirection.Write => "_IOW",
            _ => "_IOWR",
        };
        string argument = ioctl.Argument is null ? "" : $", {ioctl.Argument}";
        return $"{direction}(0x{ioctl.Type:X2}, 0x{ioctl.Number:X2}{argument}) = 0x{ioctl.Request:x8} on "
            + $"{string.Join(", ", ioctl.Descriptors.AsSpan().ToArray())}";
    }
}
