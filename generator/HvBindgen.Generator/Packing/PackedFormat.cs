namespace HvBindgen.Generator.Packing;

/// <summary>Numbers that writer and reader of a catalog agree on. Another format has another magic number.</summary>
internal static class PackedFormat
{
    /// <summary>"HUA3", in the order of the bytes.</summary>
    internal const int Magic = 0x33415548;

    /// <summary>Strings that are told from the one before each, up to the next that is told by itself.</summary>
    internal const int BlockStrings = 16;

    /// <summary>Entries between two that the index leads to.</summary>
    internal const int BlockEntries = 32;

    /// <summary>The byte before a record has these for a union, and for a record with a tag.</summary>
    internal const int UnionFlag = 1;

    /// <inheritdoc cref="UnionFlag"/>
    internal const int TagFlag = 2;

    /// <summary>The byte before an enum has this for one with a tag, and its underlying type from the next bit on.</summary>
    internal const int EnumTagFlag = 1;

    /// <inheritdoc cref="EnumTagFlag"/>
    internal const int EnumTypeShift = 1;

    /// <summary>The width of a field stands behind two bits: it is a bit-field; its type is a record that follows.</summary>
    internal const int BitFieldFlag = 1;

    /// <inheritdoc cref="BitFieldFlag"/>
    internal const int InlineRecordFlag = 2;

    /// <inheritdoc cref="BitFieldFlag"/>
    internal const int WidthShift = 2;

    /// <summary>The byte before a request has its direction, and these for what it has besides.</summary>
    internal const int DirectionMask = 3;

    /// <inheritdoc cref="DirectionMask"/>
    internal const int ConstArgumentFlag = 4;

    /// <inheritdoc cref="DirectionMask"/>
    internal const int ArgumentFlag = 8;

    /// <inheritdoc cref="DirectionMask"/>
    internal const int UseFlag = 16;

    /// <summary>The byte before an entry has its kind, and from this bit on the targets that have it.</summary>
    internal const int TargetsShift = 4;

    /// <inheritdoc cref="TargetsShift"/>
    internal const int KindMask = 0xf;

    /// <summary>The place of a header's declaration stands behind a bit: the header is a twin of the one where it stands.</summary>
    internal const int TwinFlag = 1;

    /// <inheritdoc cref="TwinFlag"/>
    internal const int TwinShift = 1;

    /// <summary>An enumerator is by one more than that before it; else the tag behind this one is the sign of an integer.</summary>
    internal const int NextTag = 0;

    /// <summary>A constant is a text. Below it the tag is the sign of an integer.</summary>
    internal const int TextTag = 2;

    /// <summary>A constant is a floating-point number.</summary>
    internal const int DoubleTag = 3;
}
