// requests/Requests.g.cs
namespace Fixture;

/// <summary>Kinds of descriptor that take requests.</summary>
public enum DescriptorKind
{
    /// <summary><c>device</c>.</summary>
    Device,

    /// <summary><c>file</c>.</summary>
    File,
}

/// <summary>Requests, and what they do beyond their own arguments.</summary>
/// <remarks>x86_64, arm64.</remarks>
public static class Requests
{
    /// <summary>Path that gives a <c>device</c> descriptor when it is opened.</summary>
    public const string DeviceNode = "/dev/demo";

    /// <summary>Every request, on every kind of descriptor that takes it.</summary>
    public static RequestTable<DescriptorKind> All { get; } = new([
        new(DescriptorKind.Device, "DEMO_MAKE", 0x40086400, 8) { Creates = DescriptorKind.File, Descriptors = [new ArgumentMember(4, 4)], Longer = new LongerArgument(24, new ArgumentMember(0, 4), 1, 3), RefusesOnes = true },
        new(DescriptorKind.Device, "DEMO_TABLE", 0x40086401, 8) { Elements = new TrailingElements(new ArgumentMember(0, 4), 16) },
        new(DescriptorKind.File, "DEMO_COPY", 0xc0186402, 24) { Memory = [new(new ArgumentMember(0, 8), new ArgumentMember(16, 2), 8, MemoryUse.Read), new(new ArgumentMember(8, 8), new ArgumentMember(20, 4), 128, MemoryUse.Write)], WritesArgument = true },
        new(DescriptorKind.File, "DEMO_START", 0x00006403, 0),
        new(DescriptorKind.File, "DEMO_POINT", 0xc0106404, 16) { Memory = [new(new ArgumentMember(0, 8), new ArgumentMember(0, 0), 128, MemoryUse.Write), new(new ArgumentMember(8, 8), new ArgumentMember(0, 0), 64, MemoryUse.ReadWrite)], WritesArgument = true },
    ]);

    /// <summary>Kind of the descriptor that opening a path gives.</summary>
    /// <param name="node">Path of a device node.</param>
    /// <returns>Null for a path that is not known.</returns>
    public static DescriptorKind? KindOf(string node) => node switch
    {
        DeviceNode => DescriptorKind.Device,
        _ => null,
    };
}
