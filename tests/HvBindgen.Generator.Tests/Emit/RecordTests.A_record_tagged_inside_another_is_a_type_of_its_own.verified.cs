// record-tagged-inside/Enums.g.cs
namespace Fixture;

/// <summary><c>enum mode</c>, a C <c>unsigned int</c>.</summary>
/// <remarks>record-tagged-inside.h, x86_64.</remarks>
public enum mode : uint
{
    /// <summary><c>MODE_OFF</c>, 0.</summary>
    MODE_OFF = 0,

    /// <summary><c>MODE_ON</c>, 4.</summary>
    MODE_ON = 4,
}

// record-tagged-inside/Records.g.cs
namespace Fixture;

/// <summary><c>struct outer</c>: 24 bytes, aligned to 4.</summary>
/// <remarks>record-tagged-inside.h, x86_64.</remarks>
public struct outer
{
    /// <summary><c>char kind</c>: byte 0.</summary>
    public byte kind;

    /// <summary><c>struct inner first</c>: bytes 4 to 11.</summary>
    public inner first;

    /// <summary><c>struct inner second</c>: bytes 12 to 19.</summary>
    public inner second;

    /// <summary><c>enum mode mode</c>: bytes 20 to 23.</summary>
    public mode mode;
}

/// <summary><c>struct inner</c>: 8 bytes, aligned to 4.</summary>
/// <remarks>record-tagged-inside.h, x86_64.</remarks>
public struct inner
{
    /// <summary><c>int a</c>: bytes 0 to 3.</summary>
    public int a;

    /// <summary><c>char b</c>: byte 4.</summary>
    public byte b;
}
