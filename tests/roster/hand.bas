' The organiser's hand in LibreOffice: runs the edits of the file that KKN_SCRIPT names, a line each, parted by tabs.
Dim oDoc, oSheet

Sub Main
    Dim oFiles, oIn, oOut, sPath, sSaid, sLine
    sPath = Environ("KKN_SCRIPT")
    oFiles = createUnoService("com.sun.star.ucb.SimpleFileAccess")
    oIn = createUnoService("com.sun.star.io.TextInputStream")
    oIn.setInputStream(oFiles.openFileRead(ConvertToURL(sPath)))
    oIn.setEncoding("UTF-8")
    sSaid = "done"
    On Error Goto Failed
    Do While Not oIn.isEOF()
        sLine = oIn.readLine()
        If sLine <> "" Then Edit(Split(sLine, Chr(9)))
    Loop
Finish:
    oOut = createUnoService("com.sun.star.io.TextOutputStream")
    oOut.setOutputStream(oFiles.openFileWrite(ConvertToURL(sPath & ".said")))
    oOut.writeString(sSaid)
    oOut.closeOutput()
    StarDesktop.terminate()
    Exit Sub
Failed:
    sSaid = "line " & Erl & ": " & Error$ & " in " & sLine
    Resume Finish
End Sub

Sub Edit(aPart)
    Dim nRow, i, oRange
    If aPart(0) = "open" Then
        oDoc = StarDesktop.loadComponentFromURL(ConvertToURL(aPart(1)), "_blank", 0, Array(Hidden()))
        Exit Sub
    ElseIf aPart(0) = "save" Then
        oDoc.store()
        oDoc.close(True)
        Exit Sub
    ElseIf aPart(0) = "new" Then
        oDoc.Sheets.insertNewByName(aPart(1), oDoc.Sheets.Count)
        oDoc.Sheets.getByName(aPart(1)).getCellByPosition(0, 0).setString("hennes")
        Exit Sub
    ElseIf aPart(0) = "drop" Then
        oDoc.Sheets.removeByName(aPart(1))
        Exit Sub
    End If
    oSheet = oDoc.Sheets.getByName(aPart(1))
    Select Case aPart(0)
        Case "put"
            PutCell(RowOf(aPart(2)), ColumnOf(aPart(3)), aPart(4))
        Case "head"
            PutCell(0, ColumnOf(aPart(2)), aPart(3))
        Case "add"
            nRow = LastRow() + 1
            For i = 2 To UBound(aPart) Step 2
                PutCell(nRow, ColumnOf(aPart(i)), aPart(i + 1))
            Next i
        Case "remove"
            oSheet.Rows.removeByIndex(RowOf(aPart(2)), 1)
        Case "copy"
            Duplicate(RowOf(aPart(2)), LastRow() + 1)
        Case "over"
            nRow = RowOf(aPart(2))
            oSheet.Rows.insertByIndex(nRow, 1)
            Duplicate(nRow + 1, nRow)
        Case "sort"
            oRange = oSheet.getCellRangeByPosition(0, 1, LastColumn(), LastRow())
            Dim aField(0) As New com.sun.star.table.TableSortField
            aField(0).Field = ColumnOf(aPart(2))
            aField(0).IsAscending = False
            Dim aSort(1) As New com.sun.star.beans.PropertyValue
            aSort(0).Name = "SortFields"
            aSort(0).Value = aField()
            aSort(1).Name = "ContainsHeader"
            aSort(1).Value = False
            oRange.sort(aSort())
        Case "title"
            oSheet.Name = aPart(2)
        Case "column"
            oSheet.Columns.removeByIndex(ColumnOf(aPart(2)), 1)
        Case "insert"
            oSheet.Columns.insertByIndex(0, 1)
        Case "top"
            oSheet.Rows.insertByIndex(0, 1)
            PutCell(0, 0, "Lista")
        Case "paint"
            oSheet.getCellByPosition(0, RowOf(aPart(2))).CellBackColor = RGB(255, 0, 255)
    End Select
End Sub

Function Hidden
    Dim oValue As New com.sun.star.beans.PropertyValue
    oValue.Name = "Hidden"
    oValue.Value = True
    Hidden = oValue
End Function

Sub PutCell(nRow, nColumn, sText)
    Dim oCell, oLocale As New com.sun.star.lang.Locale, nFormat
    oCell = oSheet.getCellByPosition(nColumn, nRow)
    If Len(sText) = 10 And Mid(sText, 5, 1) = "-" And Mid(sText, 8, 1) = "-" Then
        oCell.setValue(DateSerial(CInt(Left(sText, 4)), CInt(Mid(sText, 6, 2)), CInt(Right(sText, 2))))
        nFormat = oDoc.NumberFormats.queryKey("YYYY-MM-DD", oLocale, False)
        If nFormat = -1 Then nFormat = oDoc.NumberFormats.addNew("YYYY-MM-DD", oLocale)
        oCell.NumberFormat = nFormat
    Else
        oCell.setString(sText)
    End If
End Sub

Sub Duplicate(nFrom, nTo)
    oSheet.copyRange(oSheet.getCellByPosition(0, nTo).CellAddress, oSheet.getCellRangeByPosition(0, nFrom, LastColumn(), nFrom).RangeAddress)
End Sub

Function Used
    Dim oCursor
    oCursor = oSheet.createCursor()
    oCursor.gotoEndOfUsedArea(False)
    Used = oCursor.RangeAddress
End Function

Function LastColumn
    LastColumn = Used().EndColumn
End Function

Function LastRow
    Dim nRow, nColumn
    For nRow = Used().EndRow To 1 Step -1
        For nColumn = 0 To LastColumn()
            If oSheet.getCellByPosition(nColumn, nRow).String <> "" Then
                LastRow = nRow
                Exit Function
            End If
        Next nColumn
    Next nRow
    LastRow = 0
End Function

Function RowOf(sText)
    Dim nRow, nColumn
    For nRow = 1 To Used().EndRow
        For nColumn = 0 To LastColumn()
            If oSheet.getCellByPosition(nColumn, nRow).String = sText Then
                RowOf = nRow
                Exit Function
            End If
        Next nColumn
    Next nRow
    Error 1001
End Function

Function ColumnOf(sText)
    Dim nColumn
    For nColumn = 0 To LastColumn()
        If oSheet.getCellByPosition(nColumn, 0).String = sText Then
            ColumnOf = nColumn
            Exit Function
        End If
    Next nColumn
    Error 1002
End Function
