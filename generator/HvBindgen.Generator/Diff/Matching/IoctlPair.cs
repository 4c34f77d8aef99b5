using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Diff.Matching;

/// <summary>Two generations of an ioctl request.</summary>
internal sealed class IoctlPair : DeclarationPair<AbiIoctl>
{
    private readonly List<CauseKey> dependencies = [];

    internal IoctlPair(AbiIoctl? before, AbiIoctl? after, MatchContext context)
        : base((after ?? before)!.Name, (after ?? before)!.Name, before, after, context)
    {
        if (before?.Argument is { } old && after?.Argument is { } now)
        {
            Argument = context.Types.Compare(old, now);
            dependencies.AddRange(Matching.Dependencies.Of(context.After, now, Key, ""));
        }
        else if (HasBoth(out _, out _))
        {
            // _IOC(_IOC_WRITE, 'x', 1, sizeof(struct s)) is _IOW('x', 1, struct s), written without the type.
            Argument = before!.Argument is null == after!.Argument is null ? TypeRelation.Same
                : before.Request == after.Request && before.SizeBytes > 0 ? TypeRelation.Alias
                : TypeRelation.Different;
        }

        dependencies.AddRange(context.Derivations.ChangedSources(Key));
    }

    /// <summary>How the two argument types relate.</summary>
    internal TypeRelation Argument { get; }

    internal override IReadOnlyList<CauseKey> Dependencies => dependencies;

    /// <summary>What type and number are made of and that changed; the argument gives the size alone.</summary>
    internal IReadOnlyList<CauseKey> NumberSources =>
        [.. Context.Derivations.ChangedSources(Key).Where(source => !Context.Derivations.IsRecord(source))];

    /// <summary>
    /// The new request that has the number now which this one had before its direction or argument changed: its old form goes on under
    /// another name, as <c>FOO_WRONG_DIR</c> or <c>FOO_OLD</c>. Null where no name has the number, or one that was there.
    /// </summary>
    internal AbiIoctl? OldForm => HasBoth(out AbiIoctl old, out AbiIoctl now) && old.Request != now.Request
        ? FindForm(old, now)
        : null;

    private AbiIoctl? FindForm(AbiIoctl old, AbiIoctl now)
    {
        foreach (AbiIoctl other in Context.After.Ioctls)
        {
            if (other.Request == old.Request && old.Type == now.Type && old.Number == now.Number
                && Context.Derivations.ValueBefore(other.Name) is null && IoctlMatcher.ShareDescriptor(old, other)
                && IoctlMatcher.TakeTheSame(old, other, Context.Types))
            {
                return other;
            }
        }

        return null;
    }

    /// <summary>A request that changed in a way that old programs see only where the kernel does not take its old form.</summary>
    internal Judgement JudgeChanged(CSharpEffects cSharp) => OldForm is { } form
        ? Judgement.If($"the kernel goes on taking the old number, which is {form.Name} now", cSharp)
        : Judgement.Broken(cSharp);

    internal static string DescribeArgument(AbiIoctl ioctl) =>
        ioctl.Argument?.ToString() ?? (ioctl.SizeBytes > 0 ? "no type" : "no argument");

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
