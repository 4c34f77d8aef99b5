namespace HvBindgen.Generator.Packing;

/// <summary>Numbers that writer and reader of a catalog agree on. Another format has another magic number.</summary>
internal static class PackedFormat
{
    /// <summary>"HUA2", in the order of the bytes.</summary>
    internal const int Magic = 0x32415548;

    /// <summary>Strings that are told from the one before each, up to the next that is told by itself.</summary>
    internal const int BlockStrings = 16;

    /// <summary>Entries between two that the index leads to.</summary>
    internal const int BlockEntries = 32;

    /// <summary>A constant is a text. Below it the tag is the sign of an integer.</summary>
    internal const int TextTag = 2;

    /// <summary>A constant is a floating-point number.</summary>
    internal const int DoubleTag = 3;
}
