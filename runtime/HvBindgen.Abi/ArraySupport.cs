using System.Runtime.CompilerServices;

namespace HvBindgen.Abi;

// The lengths that bindings of this repository have: one type for each, so that two of them can be used together.

/// <summary>1 element in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(1)]
public struct Array1<T>
    where T : unmanaged
{
    private T element;
}

/// <summary>2 elements in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(2)]
public struct Array2<T>
    where T : unmanaged
{
    private T element;
}

/// <summary>3 elements in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(3)]
public struct Array3<T>
    where T : unmanaged
{
    private T element;
}

/// <summary>4 elements in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(4)]
public struct Array4<T>
    where T : unmanaged
{
    private T element;
}

/// <summary>5 elements in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(5)]
public struct Array5<T>
    where T : unmanaged
{
    private T element;
}

/// <summary>6 elements in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(6)]
public struct Array6<T>
    where T : unmanaged
{
    private T element;
}

/// <summary>7 elements in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(7)]
public struct Array7<T>
    where T : unmanaged
{
    private T element;
}

/// <summary>8 elements in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(8)]
public struct Array8<T>
    where T : unmanaged
{
    private T element;
}

/// <summary>9 elements in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(9)]
public struct Array9<T>
    where T : unmanaged
{
    private T element;
}

/// <summary>11 elements in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(11)]
public struct Array11<T>
    where T : unmanaged
{
    private T element;
}

/// <summary>12 elements in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(12)]
public struct Array12<T>
    where T : unmanaged
{
    private T element;
}

/// <summary>13 elements in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(13)]
public struct Array13<T>
    where T : unmanaged
{
    private T element;
}

/// <summary>14 elements in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(14)]
public struct Array14<T>
    where T : unmanaged
{
    private T element;
}

/// <summary>15 elements in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(15)]
public struct Array15<T>
    where T : unmanaged
{
    private T element;
}

/// <summary>16 elements in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(16)]
public struct Array16<T>
    where T : unmanaged
{
    private T element;
}

/// <summary>18 elements in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(18)]
public struct Array18<T>
    where T : unmanaged
{
    private T element;
}

/// <summary>19 elements in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(19)]
public struct Array19<T>
    where T : unmanaged
{
    private T element;
}

/// <summary>24 elements in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(24)]
public struct Array24<T>
    where T : unmanaged
{
    private T element;
}

/// <summary>26 elements in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(26)]
public struct Array26<T>
    where T : unmanaged
{
    private T element;
}

/// <summary>29 elements in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(29)]
public struct Array29<T>
    where T : unmanaged
{
    private T element;
}

/// <summary>30 elements in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(30)]
public struct Array30<T>
    where T : unmanaged
{
    private T element;
}

/// <summary>31 elements in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(31)]
public struct Array31<T>
    where T : unmanaged
{
    private T element;
}

/// <summary>32 elements in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(32)]
public struct Array32<T>
    where T : unmanaged
{
    private T element;
}

/// <summary>36 elements in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(36)]
public struct Array36<T>
    where T : unmanaged
{
    private T element;
}

/// <summary>40 elements in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(40)]
public struct Array40<T>
    where T : unmanaged
{
    private T element;
}

/// <summary>48 elements in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(48)]
public struct Array48<T>
    where T : unmanaged
{
    private T element;
}

/// <summary>56 elements in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(56)]
public struct Array56<T>
    where T : unmanaged
{
    private T element;
}

/// <summary>60 elements in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(60)]
public struct Array60<T>
    where T : unmanaged
{
    private T element;
}

/// <summary>63 elements in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(63)]
public struct Array63<T>
    where T : unmanaged
{
    private T element;
}

/// <summary>64 elements in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(64)]
public struct Array64<T>
    where T : unmanaged
{
    private T element;
}

/// <summary>120 elements in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(120)]
public struct Array120<T>
    where T : unmanaged
{
    private T element;
}

/// <summary>250 elements in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(250)]
public struct Array250<T>
    where T : unmanaged
{
    private T element;
}

/// <summary>256 elements in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(256)]
public struct Array256<T>
    where T : unmanaged
{
    private T element;
}

/// <summary>510 elements in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(510)]
public struct Array510<T>
    where T : unmanaged
{
    private T element;
}

/// <summary>512 elements in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(512)]
public struct Array512<T>
    where T : unmanaged
{
    private T element;
}

/// <summary>1024 elements in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(1024)]
public struct Array1024<T>
    where T : unmanaged
{
    private T element;
}

/// <summary>1028 elements in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(1028)]
public struct Array1028<T>
    where T : unmanaged
{
    private T element;
}

/// <summary>2048 elements in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(2048)]
public struct Array2048<T>
    where T : unmanaged
{
    private T element;
}

/// <summary>4072 elements in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(4072)]
public struct Array4072<T>
    where T : unmanaged
{
    private T element;
}

/// <summary>4096 elements in place, as in a C array.</summary>
/// <typeparam name="T">Type of element.</typeparam>
[InlineArray(4096)]
public struct Array4096<T>
    where T : unmanaged
{
    private T element;
}
