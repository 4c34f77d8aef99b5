// targets-shared/Constants.Arm64.g.cs
namespace Fixture.Arm64;

/// <summary>Constants of Fixture.</summary>
public static partial class Constants
{
    /// <summary><c>NEGATIVE_CHAR</c>, a C <c>char</c>. targets-shared.h, arm64.</summary>
    public const byte NEGATIVE_CHAR = 255;
}

// targets-shared/Constants.X64.g.cs
namespace Fixture.X64;

/// <summary>Constants of Fixture.</summary>
public static partial class Constants
{
    /// <summary><c>NEGATIVE_CHAR</c>, a C <c>char</c>. targets-shared.h, x86_64.</summary>
    public const sbyte NEGATIVE_CHAR = -1;
}

// targets-shared/Constants.g.cs
namespace Fixture;

/// <summary>Constants of Fixture.</summary>
public static partial class Constants
{
    /// <summary><c>LIMIT</c>, a C <c>int</c>. targets-shared.h, x86_64, arm64.</summary>
    public const int LIMIT = 16;
}

// targets-shared/Enums.g.cs
namespace Fixture;

/// <summary><c>enum level</c>, a C <c>unsigned int</c>.</summary>
/// <remarks>targets-shared.h, x86_64, arm64.</remarks>
public enum level : uint
{
    /// <summary><c>LEVEL_LOW</c>, 0.</summary>
    LEVEL_LOW = 0,

    /// <summary><c>LEVEL_HIGH</c>, 1.</summary>
    LEVEL_HIGH = 1,
}

// targets-shared/Records.g.cs
namespace Fixture;

/// <summary><c>struct same</c>: 24 bytes, aligned to 8.</summary>
/// <remarks>targets-shared.h, x86_64, arm64.</remarks>
public struct same
{
    /// <summary><c>__u64 value</c>: bytes 0 to 7.</summary>
    public ulong value;

    /// <summary><c>unsigned long size</c>: bytes 8 to 15.</summary>
    public ulong size;

    /// <summary><c>char name[4]</c>: bytes 16 to 19.</summary>
    public Array4<byte> name;
}
