using HvBindgen.Generator.Model;

namespace HvBindgen.Generator.Tests.Diff.Mutations;

/// <summary>Mutations of ioctl requests.</summary>
internal static class IoctlMutations
{
    internal static IReadOnlyList<Func<Random, AbiModel, Mutation?>> All { get; } =
    [
        Drop, Add, Reuse, Renumber, Turn, ChangeArgument, Resize, Rename, Hand,
    ];

    private static Mutation? Drop(Random random, AbiModel model) =>
        Pick.One(random, model.Ioctls, _ => true) is { } ioctl
            ? new Mutation(model with { Ioctls = Pick.Without(model.Ioctls, ioctl) }, ioctl.Name, "HV4001")
            : null;

    private static Mutation? Add(Random random, AbiModel model) =>
        Pick.One(random, model.Ioctls, _ => true) is { } ioctl
            ? new Mutation(
                model with { Ioctls = Pick.With(model.Ioctls, Numbered(ioctl with { Name = "ADDED_IOCTL", Number = 0xEE })) },
                "ADDED_IOCTL", "HV4002")
            : null;

    private static Mutation? Reuse(Random random, AbiModel model) =>
        Pick.One(random, model.Ioctls, _ => true) is { } ioctl
            ? new Mutation(model with { Ioctls = Pick.With(model.Ioctls, ioctl with { Name = "ADDED_IOCTL" }) }, "ADDED_IOCTL", "HV4009")
            : null;

    private static Mutation? Renumber(Random random, AbiModel model) =>
        Change(random, model, _ => true, ioctl => ioctl with { Number = ioctl.Number ^ 0x80 }, "HV4003");

    private static Mutation? Turn(Random random, AbiModel model) =>
        Change(random, model, _ => true, ioctl => ioctl with { Direction = ioctl.Direction ^ IoctlDirection.Read }, "HV4004");

    private static Mutation? ChangeArgument(Random random, AbiModel model) =>
        Change(random, model, ioctl => ioctl.Argument is not null, ioctl =>
            ioctl with { Argument = new AbiPrimitive(PrimitiveKind.Double) }, "HV4005");

    private static Mutation? Resize(Random random, AbiModel model) =>
        Change(random, model, _ => true, ioctl => ioctl with { SizeBytes = ioctl.SizeBytes + 8 }, "HV4006");

    private static Mutation? Rename(Random random, AbiModel model) =>
        Pick.One(random, model.Ioctls, _ => true) is { } ioctl
            ? new Mutation(
                model with { Ioctls = Pick.Replace(model.Ioctls, ioctl, ioctl with { Name = "RENAMED_IOCTL" }) }, "RENAMED_IOCTL", "HV4007")
            : null;

    private static Mutation? Hand(Random random, AbiModel model) =>
        Change(random, model, _ => true, ioctl => ioctl with { Descriptors = ["another"] }, "HV4008");

    private static Mutation? Change(
        Random random, AbiModel model, Func<AbiIoctl, bool> isWanted, Func<AbiIoctl, AbiIoctl> change, string rule) =>
        Pick.One(random, model.Ioctls, isWanted) is { } ioctl
            ? new Mutation(model with { Ioctls = Pick.Replace(model.Ioctls, ioctl, Numbered(change(ioctl))) }, ioctl.Name, rule)
            : null;

    // The common encoding; the differ goes by the parts and never decodes.
    private static AbiIoctl Numbered(AbiIoctl ioctl) => ioctl with
    {
        Request = ((uint)ioctl.Direction << 30) | ((uint)ioctl.SizeBytes << 16) | ((uint)ioctl.Type << 8) | (uint)ioctl.Number,
    };
}
