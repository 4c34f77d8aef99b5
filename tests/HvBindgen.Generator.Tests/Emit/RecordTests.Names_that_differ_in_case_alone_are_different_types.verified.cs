// record-same-word-as-enum/Enums.g.cs
namespace Fixture;

/// <summary><c>enum Mode</c>, a C <c>unsigned int</c>.</summary>
/// <remarks>record-same-word-as-enum.h, x86_64.</remarks>
public enum Mode : uint
{
    /// <summary><c>MODE_A</c>, 0.</summary>
    MODE_A = 0,

    /// <summary><c>MODE_B</c>, 1.</summary>
    MODE_B = 1,
}

// record-same-word-as-enum/Records.g.cs
namespace Fixture;

/// <summary><c>struct mode</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>record-same-word-as-enum.h, x86_64.</remarks>
public struct mode
{
    /// <summary><c>enum Mode current</c>: bytes 0 to 3.</summary>
    public Mode current;
}

/// <summary><c>struct MODE</c>: 4 bytes, aligned to 4.</summary>
/// <remarks>record-same-word-as-enum.h, x86_64.</remarks>
public struct MODE
{
    /// <summary><c>struct mode mode</c>: bytes 0 to 3.</summary>
    public mode mode;
}
