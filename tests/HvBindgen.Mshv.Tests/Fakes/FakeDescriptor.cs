using HvBindgen.Mshv.Abi;

namespace HvBindgen.Mshv.Tests.Fakes;

/// <summary>A descriptor of the fake kernel, with a real number; without a kind it is another driver's.</summary>
internal sealed class FakeDescriptor(int fd, DescriptorKind? kind, FakeDescriptor? parent, uint index)
{
    public int Fd { get; } = fd;

    public DescriptorKind? Kind { get; } = kind;

    public FakeDescriptor? Parent { get; } = parent;

    public uint Index { get; } = index;

    public override string ToString() => Kind == DescriptorKind.Vp ? $"vp{Index}" : Kind.ToString() ?? "other";
}
