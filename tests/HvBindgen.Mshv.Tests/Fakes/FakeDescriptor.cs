namespace HvBindgen.Mshv.Tests.Fakes;

internal enum FakeKind
{
    Device,
    Partition,
    Processor,
    Event,
    File,
}

/// <summary>A descriptor of the fake kernel, with a real number.</summary>
internal sealed class FakeDescriptor(int fd, FakeKind kind, FakeDescriptor? parent, uint index)
{
    public int Fd { get; } = fd;

    public FakeKind Kind { get; } = kind;

    public FakeDescriptor? Parent { get; } = parent;

    public uint Index { get; } = index;

    public override string ToString() => Kind == FakeKind.Processor ? $"vp{Index}" : Kind.ToString();
}
